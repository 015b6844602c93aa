/** Skips JSON in place. Every function returns the offset after what it skipped, or -1 if the text is not JSON. */

export const BYTE = {
  QUOTE: 0x22,
  BACKSLASH: 0x5c,
  COMMA: 0x2c,
  COLON: 0x3a,
  OPEN_OBJECT: 0x7b,
  CLOSE_OBJECT: 0x7d,
  OPEN_ARRAY: 0x5b,
  CLOSE_ARRAY: 0x5d,
  MINUS: 0x2d,
  NEWLINE: 0x0a,
  SPACE: 0x20,
} as const

const { QUOTE, BACKSLASH, COMMA, COLON, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY, MINUS } = BYTE

/** Maximum depth; deeper values are refused. No event nests further than a record in an array. */
const MAX_DEPTH = 32
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const LITERALS = ['true', 'false', 'null']

/** Offset of the first character that is not white space. */
export function skipSpace(src: Buffer, pos: number, end: number): number {
  while (pos < end) {
    const byte = src[pos]!
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    pos++
  }
  return pos
}

/**
 * Skips plain characters four at a time, up to the word that holds a quote, a backslash or a control character. Source:
 * "Determine if a word has a byte less than n", Bit Twiddling Hacks; a false positive only ends it early.
 */
export function plainUpTo(words: DataView, pos: number, end: number): number {
  let at = pos | 0
  for (const last = (end | 0) - 4; at <= last; at += 4) {
    const word = words.getInt32(at, true)
    const quote = word ^ 0x2222_2222
    const backslash = word ^ 0x5c5c_5c5c
    const hit =
      ((quote - 0x0101_0101) & ~quote) | ((backslash - 0x0101_0101) & ~backslash) | ((word - 0x2020_2020) & ~word)
    if ((hit & 0x8080_8080) !== 0) break
  }
  return at
}

/**
 * Reads the digits at `pos` into `numbers[index]`; returns the offset after them. Four at a time by multiplication:
 * pairs, then pairs of pairs. Beyond 2^53 the value is rounded, and so out of range for every field.
 */
export function readDigits(
  src: Buffer,
  words: DataView,
  pos: number,
  end: number,
  numbers: Float64Array,
  index: number,
): number {
  let value = 0
  let at = pos | 0
  for (const last = (end | 0) - 4; at <= last; at += 4) {
    const digits = words.getInt32(at, true) ^ 0x3030_3030
    // A byte above 9 sets its top bit when 0x76 is added; only such bytes produce carries.
    if ((((digits + 0x7676_7676) | digits) & 0x8080_8080) !== 0) break
    const pairs = (Math.imul(digits, 2_561) >>> 8) & 0x00ff_00ff
    value = value * 10_000 + (Math.imul(pairs, 6_553_601) >>> 16)
  }
  for (; at < end; at++) {
    const digit = src[at]! - 0x30
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  numbers[index] = value
  return at
}

/**
 * Offset after the closing quote of the string that opens at `pos`; of its content only escapes and control characters
 * are checked.
 */
export function skipString(src: Buffer, pos: number, end: number): number {
  for (pos++; pos < end; pos++) {
    const byte = src[pos]!
    if (byte === QUOTE) return pos + 1
    if (byte === BACKSLASH) pos++
    else if (byte < 0x20) return -1
  }
  return -1
}

/** Offset after the number or literal at `pos`. */
export function skipAtom(src: Buffer, pos: number, end: number): number {
  const from = pos
  while (pos < end && isAtom(src[pos]!)) pos++
  const text = src.toString('latin1', from, pos)
  return NUMBER.test(text) || LITERALS.includes(text) ? pos : -1
}

const isAtom = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === MINUS ||
  byte === 0x2b ||
  byte === 0x2e ||
  byte === 0x45

/** Offset after the value that starts at `pos`. */
export function skipValue(src: Buffer, pos: number, end: number, depth = 0): number {
  if (pos >= end || depth > MAX_DEPTH) return -1
  switch (src[pos]!) {
    case QUOTE:
      return skipString(src, pos, end)
    case OPEN_OBJECT:
      return skipMembers(src, pos, end, CLOSE_OBJECT, depth)
    case OPEN_ARRAY:
      return skipMembers(src, pos, end, CLOSE_ARRAY, depth)
    default:
      return skipAtom(src, pos, end)
  }
}

function skipMembers(src: Buffer, pos: number, end: number, close: number, depth: number): number {
  pos = skipSpace(src, pos + 1, end)
  if (src[pos] === close && pos < end) return pos + 1
  for (;;) {
    if (close === CLOSE_OBJECT) {
      pos = pos < end && src[pos] === QUOTE ? skipString(src, pos, end) : -1
      if (pos === -1) return -1
      pos = skipSpace(src, pos, end)
      if (pos >= end || src[pos] !== COLON) return -1
      pos = skipSpace(src, pos + 1, end)
    }
    pos = skipValue(src, pos, end, depth + 1)
    if (pos === -1) return -1
    pos = skipSpace(src, pos, end)
    if (pos >= end) return -1
    if (src[pos] === close) return pos + 1
    if (src[pos] !== COMMA) return -1
    pos = skipSpace(src, pos + 1, end)
  }
}

/** The value of a number token, or NaN if the token is not a number. */
export function numberOf(src: Buffer, from: number, to: number): number {
  const text = src.toString('latin1', from, to)
  return NUMBER.test(text) ? Number(text) : NaN
}
