/** Character codes. */
export const CHAR = {
  TAB: 0x09,
  SPACE: 0x20,
  QUOTE: 0x22,
  OPEN: 0x28,
  CLOSE: 0x29,
  STAR: 0x2a,
  COMMA: 0x2c,
  MINUS: 0x2d,
  DOT: 0x2e,
  SEMICOLON: 0x3b,
  EQUALS: 0x3d,
  QUESTION: 0x3f,
  BACKSLASH: 0x5c,
} as const
const { TAB, SPACE, QUOTE, OPEN, CLOSE, STAR, COMMA, MINUS, DOT, SEMICOLON, EQUALS, QUESTION, BACKSLASH } = CHAR

/** Maximum digits of a number: integers 15, decimals 12 before the point and 3 after it (RFC 8941, 3.3.1 and 3.3.2). */
const INTEGER_DIGITS = 15
const WHOLE_DIGITS = 12
const FRACTION_DIGITS = 3
const TENTHS = [1, 10, 100, 1_000] as const

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
/** Characters of a token after its first: tchar, ':' and '/' (RFC 8941, 3.3.4). */
const TOKEN_CHARS = charset(`!#$%&'*+-.^_\`|~:/${DIGITS}${LOWER}${LOWER.toUpperCase()}`)
/** Characters of a key after its first (RFC 8941, 3.1.2). */
const KEY_CHARS = charset(`_-.*${DIGITS}${LOWER}`)

/**
 * Reads the members of a structured-field dictionary in place (RFC 8941, as CMCD uses it). A reader either returns a
 * value and is positioned after it, or returns undefined at an unspecified position: `skip` finds the next member.
 */
export class Fields {
  /**
   * The text both as a string and as bytes, one byte per character: bytes are several times cheaper to inspect, and
   * values are slices of the string.
   */
  text = ''
  bytes: Uint8Array = new Uint8Array()
  at = 0
  end = 0
  /** Whether the number read last had a decimal point. */
  isDecimal = false

  open(text: string, bytes: Uint8Array, from: number, end: number): void {
    this.text = text
    this.bytes = bytes
    this.at = from
    this.end = end
  }

  /** The character at the position; 0 at the end. */
  peek(): number {
    return this.at < this.end ? this.bytes[this.at]! : 0
  }

  blanks(): void {
    while (this.at < this.end) {
      const char = this.bytes[this.at]!
      if (char !== SPACE && char !== TAB) break
      this.at++
    }
  }

  /** Reads lower-case letters and returns them packed in five bits each; only as many as fit are distinguished. */
  letters(): number {
    const { bytes, end } = this
    let code = 0
    let at = this.at
    for (; at < end; at++) {
      const char = bytes[at]!
      if (!isLower(char)) break
      code = (code << 5) | (char - 0x60)
    }
    this.at = at
    return code
  }

  /** Skips a key; false if there is none. */
  key(): boolean {
    const first = this.peek()
    if (!isLower(first) && first !== STAR) return false
    this.at = this.#run(KEY_CHARS)
    return true
  }

  /** End of the run of characters from a set after the current one. */
  #run(set: Uint8Array): number {
    const { bytes, end } = this
    let at = this.at + 1
    while (at < end && set[bytes[at]!] === 1) at++
    return at
  }

  number(): number | undefined {
    const { bytes, end } = this
    const negative = this.peek() === MINUS
    const start = negative ? this.at + 1 : this.at
    let at = start
    let value = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    this.isDecimal = false
    if (at === start || at - start > INTEGER_DIGITS) return undefined
    this.at = at
    if (at < end && bytes[at]! === DOT) return this.#fraction(value, at - start, negative)
    return negative ? 0 - value : value
  }

  #fraction(whole: number, digits: number, negative: boolean): number | undefined {
    const start = ++this.at
    let value = whole
    for (; this.at < this.end; this.at++) {
      const digit = this.bytes[this.at]! - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    const places = this.at - start
    if (digits > WHOLE_DIGITS || places === 0 || places > FRACTION_DIGITS) return undefined
    this.isDecimal = true
    // A single division of integers gives the nearest double, as a decimal parser does.
    return (negative ? -value : value) / TENTHS[places]!
  }

  string(): string | undefined {
    const { bytes, end } = this
    if (this.peek() !== QUOTE) return undefined
    const start = this.at + 1
    for (let at = start; at < end; at++) {
      const char = bytes[at]!
      if (char === QUOTE) {
        this.at = at + 1
        return this.text.substring(start, at)
      }
      if (char === BACKSLASH) return this.#escaped(start, at)
      if (char < SPACE || char > 0x7e) return undefined
    }
    return undefined
  }

  #escaped(start: number, first: number): string | undefined {
    const { text, bytes, end } = this
    let value = text.substring(start, first)
    for (let at = first; at < end; at++) {
      let char = bytes[at]!
      if (char === QUOTE) {
        this.at = at + 1
        return value
      }
      if (char === BACKSLASH) {
        char = ++at < end ? bytes[at]! : 0
        if (char !== QUOTE && char !== BACKSLASH) return undefined
      }
      if (char < SPACE || char > 0x7e) return undefined
      value += text[at]!
    }
    return undefined
  }

  token(): string | undefined {
    const start = this.at
    const first = this.peek()
    if (!isLetter(first) && first !== STAR) return undefined
    this.at = this.#run(TOKEN_CHARS)
    return this.text.substring(start, this.at)
  }

  boolean(): boolean | undefined {
    if (this.peek() !== QUESTION) return undefined
    const digit = this.bytes[this.at + 1]!
    if (this.at + 1 >= this.end || (digit !== 0x30 && digit !== 0x31)) return undefined
    this.at += 2
    return digit === 0x31
  }

  /** Reads any item that CMCD knows. */
  item(): string | number | boolean | undefined {
    const first = this.peek()
    if (first === QUOTE) return this.string()
    if (first === QUESTION) return this.boolean()
    return first === MINUS || isDigit(first) ? this.number() : this.token()
  }

  /** Skips the parameters of a member, which have no meaning in CMCD; false if they are invalid. */
  parameters(): boolean {
    while (this.peek() === SEMICOLON) {
      this.at++
      while (this.peek() === SPACE) this.at++
      if (!this.key()) return false
      if (this.peek() !== EQUALS) continue
      this.at++
      if (this.item() === undefined) return false
    }
    return true
  }

  /** Skips what may follow a value, and the separator to the next member; false if something else is found. */
  ending(): boolean {
    if (this.at < this.end) {
      if (this.bytes[this.at] === COMMA && this.at + 1 < this.end && this.bytes[this.at + 1]! > SPACE) {
        this.at++
        return true
      }
      return this.parameters() && this.separator()
    }
    return true
  }

  /** Skips the separator to the next member; false if something else is found. */
  separator(): boolean {
    if (this.at < this.end && this.bytes[this.at]! !== COMMA) this.blanks()
    if (this.at >= this.end) return true
    if (this.bytes[this.at]! !== COMMA) return false
    this.at++
    this.blanks()
    return true
  }

  /**
   * Moves from the member that began at `from` to the next, whatever its content: commas in strings and lists do not
   * end it. An unclosed list does not count as a list: its member ends at the first comma.
   */
  skip(from: number): void {
    const comma = this.#comma(from, true)
    const next = comma === -1 ? this.#comma(from, false) : comma
    this.at = next === -1 ? this.end : next + 1
    this.blanks()
  }

  /** Position of the comma after a member; -1 if there is none, or if it is inside an unclosed list. */
  #comma(from: number, inLists: boolean): number {
    const { bytes, end } = this
    let depth = 0
    for (let at = from; at < end; at++) {
      const char = bytes[at]!
      if (char === QUOTE) at = this.#closing(at)
      else if (char === OPEN && inLists) depth++
      else if (char === CLOSE && inLists) depth--
      else if (char === COMMA && depth <= 0) return at
    }
    return -1
  }

  /**
   * Position of the closing quote. An unclosed string does not count as a string: only its opening quote is skipped.
   */
  #closing(quote: number): number {
    for (let at = quote + 1; at < this.end; at++) {
      const char = this.bytes[at]!
      if (char === QUOTE) return at
      if (char === BACKSLASH) at++
    }
    return quote
  }
}

/** Maximum letters that fit a machine integer; no key or token of CMCD is longer than five. */
export const MAX_LETTERS = 6
/** The value that `letters` returns for a name. */
export const packed = (name: string): number =>
  Array.from(name).reduce((code, letter) => (code << 5) | (letter.charCodeAt(0) - 0x60), 0)

const isDigit = (char: number): boolean => char >= 0x30 && char <= 0x39
const isLower = (char: number): boolean => char >= 0x61 && char <= 0x7a
const isLetter = (char: number): boolean => isLower(char | 0x20)

function charset(chars: string): Uint8Array {
  const set = new Uint8Array(256)
  for (const char of chars) set[char.charCodeAt(0)] = 1
  return set
}
