import { CHAR, Fields, MAX_LETTERS, packed } from './fields.ts'
import { KnownNames } from './known.ts'
import { KEYS, NEWEST_VERSION, TYPE, type Key } from './keys.ts'
import { OBJECT_TYPES, type ObjectType } from './tokens.ts'
import { CmcdRecord, type CustomValue, type Decoded, type Listed, type NextObject } from './types.ts'

const { CLOSE, COMMA, EQUALS, OPEN, SEMICOLON, SPACE } = CHAR
const { INTEGER, DECIMAL, STRING, TOKEN, BOOLEAN, INTEGERS, STRINGS, OBJECTS } = TYPE

const tableOf = (version: 1 | 2): ReadonlyMap<number, Key> =>
  new Map(KEYS.filter(({ versions }) => versions.includes(version)).map((key) => [packed(key.name), key]))
const TABLES = { 1: tableOf(1), 2: tableOf(2) } as const

const TYPES: ReadonlyMap<number, ObjectType> = new Map(
  (Object.keys(OBJECT_TYPES) as ObjectType[]).map((type) => [packed(type), type]),
)
const encoder = new TextEncoder()

type Value = CustomValue | readonly Listed[] | readonly string[] | readonly NextObject[]

/**
 * Reads CMCD records one at a time, from text to values, without building a tree of the structured field. It follows
 * the standard's rules for servers: keys in any order; unknown keys and single mistyped values are left out and the
 * others kept; a record of a later version is dropped whole, which is returned as a value. The key table depends on
 * `v`, which may be at any position: the version of the previous record is assumed, and if `v` differs the record is
 * read again.
 */
export class Decoder {
  readonly #fields = new Fields()
  readonly #known: KnownNames
  #assumed: 1 | 2 = 2
  #scratch = new Uint8Array(1_024)

  /** `known`: expected custom keys, each with a hyphen inside. They only save work and do not change the result. */
  constructor(known: readonly string[] = []) {
    this.#known = new KnownNames(known)
  }

  /** Decodes one record, which is a dictionary without line breaks. */
  decode(text: string): Decoded {
    return this.decodeAt(text, this.#bytesOf(text), 0, text.length)
  }

  decodeAt(text: string, bytes: Uint8Array, from: number, end: number): Decoded {
    const record = this.#read(text, bytes, from, end, this.#assumed)
    const version = record.v as number
    if (version > NEWEST_VERSION) return { unsupported: version }
    if (version === this.#assumed) return record
    this.#assumed = version as 1 | 2
    return this.#read(text, bytes, from, end, this.#assumed)
  }

  #bytesOf(text: string): Uint8Array {
    if (this.#scratch.length < 3 * text.length) this.#scratch = new Uint8Array(3 * text.length)
    const { written } = encoder.encodeInto(text, this.#scratch)
    if (written !== text.length)
      for (let i = 0; i < text.length; i++) this.#scratch[i] = Math.min(text.charCodeAt(i), 0xff)
    return this.#scratch
  }

  #read(text: string, bytes: Uint8Array, from: number, end: number, version: 1 | 2): CmcdRecord {
    const fields = this.#fields
    const record = new CmcdRecord()
    const table = TABLES[version]
    fields.open(text, bytes, from, end)
    fields.blanks()
    while (fields.at < end) this.#member(record, table, version)
    return record
  }

  #member(record: CmcdRecord, table: ReadonlyMap<number, Key>, version: 1 | 2): void {
    const fields = this.#fields
    const start = fields.at
    const code = fields.letters()
    const char = fields.peek()
    const isWhole = char === EQUALS || char === COMMA || char === SEMICOLON || char <= SPACE
    if (!isWhole || fields.at === start || fields.at - start > MAX_LETTERS) return this.#custom(record, start)
    const key = table.get(code)
    if (key === undefined) return fields.skip(start)
    const value = this.#valueOf(key, version)
    if (value === undefined || !fields.ending()) return this.#ignore(record, start)
    if (key.set !== undefined) key.set(record, value)
    else if ((value as number) >= 1) record.v = value as 1 | 2
    else record.ignored++
  }

  /**
   * Reads a key outside the standard: with a hyphen it is a custom key and kept; without, it is unknown and ignored.
   */
  #custom(record: CmcdRecord, start: number): void {
    const fields = this.#fields
    const known = this.#known.foretold(fields.bytes, start, fields.end)
    if (known !== undefined) {
      fields.at = this.#known.after
      return this.#keep(record, start, known, fields.item())
    }
    fields.at = start
    if (!fields.key()) return this.#ignore(record, start)
    const name = this.#known.learn(fields.text.substring(start, fields.at))
    const hyphen = name.indexOf('-', 1)
    if (hyphen === -1 || hyphen === name.length - 1) return fields.skip(start)
    this.#keep(record, start, name, fields.peek() === EQUALS ? (fields.at++, fields.item()) : true)
  }

  #keep(record: CmcdRecord, start: number, name: string, value: CustomValue | undefined): void {
    if (value === undefined || !this.#fields.ending()) return this.#ignore(record, start)
    if (record.custom === undefined) record.custom = [{ name, value }]
    else record.custom.push({ name, value })
  }

  #ignore(record: CmcdRecord, start: number): void {
    record.ignored++
    this.#fields.skip(start)
  }

  /** The value of a key, or undefined if it has another type. A key without a value is true. */
  #valueOf(key: Key, version: 1 | 2): Value | undefined {
    const fields = this.#fields
    if (fields.peek() !== EQUALS) return key.type === BOOLEAN ? true : undefined
    fields.at++
    switch (key.type) {
      case INTEGER:
        return this.#integer()
      case DECIMAL:
        return fields.number()
      case STRING:
        return fields.string()
      case TOKEN:
        return this.#token(key)
      case BOOLEAN:
        return fields.boolean()
      case INTEGERS:
        return version === 1 ? this.#single() : this.#integers()
      case STRINGS:
        return this.#strings()
      case OBJECTS:
        return version === 1 ? this.#nextObject() : this.#objects()
      default:
        return undefined
    }
  }

  #integer(): number | undefined {
    const value = this.#fields.number()
    return this.#fields.isDecimal ? undefined : value
  }

  /**
   * Reads a token. The standard's tokens are lower-case letters only, so they are looked up without slicing the text.
   */
  #token(key: Key): string | undefined {
    const fields = this.#fields
    const start = fields.at
    const token = key.tokens!.get(fields.letters())
    const next = fields.peek()
    const isWhole = fields.at - start <= MAX_LETTERS && (next === COMMA || next === SEMICOLON || next <= SPACE)
    return isWhole ? token : undefined
  }

  #single(): Listed[] | undefined {
    const value = this.#integer()
    return value === undefined ? undefined : [{ value }]
  }

  /** Reads `nor`. In version 1 the path itself is percent-encoded; a path that is not is kept as it is. */
  #nextObject(): NextObject[] | undefined {
    const value = this.#fields.string()
    return value === undefined ? undefined : [{ value: percentDecoded(value) ?? value }]
  }

  #integers(): Listed[] | undefined {
    const list: Listed[] = []
    while (this.#next(list.length)) {
      const value = this.#integer()
      const type = value === undefined ? undefined : this.#typeParameter()
      if (value === undefined || type === undefined) return undefined
      list.push(type === '' ? { value } : { value, type })
    }
    return this.#closed(list)
  }

  #strings(): string[] | undefined {
    const list: string[] = []
    while (this.#next(list.length)) {
      const value = this.#fields.string()
      if (value === undefined || !this.#fields.parameters()) return undefined
      list.push(value)
    }
    return this.#closed(list)
  }

  #objects(): NextObject[] | undefined {
    const list: NextObject[] = []
    while (this.#next(list.length)) {
      const value = this.#fields.string()
      const range = value === undefined ? undefined : this.#rangeParameter()
      if (value === undefined || range === undefined) return undefined
      list.push(range === '' ? { value } : { value, range })
    }
    return this.#closed(list)
  }

  /** Moves to the next item of an inner list, which spaces separate; false if there is none. */
  #next(count: number): boolean {
    const fields = this.#fields
    if (count === 0) {
      if (fields.peek() !== OPEN) return false
      fields.at++
    } else if (fields.peek() !== SPACE) return false
    while (fields.peek() === SPACE) fields.at++
    return fields.at < fields.end && fields.peek() !== CLOSE
  }

  #closed<T>(list: T): T | undefined {
    if (this.#fields.peek() !== CLOSE) return undefined
    this.#fields.at++
    return list
  }

  /** The object type among the parameters of an item, '' if there is none; undefined if the parameters are invalid. */
  #typeParameter(): ObjectType | '' | undefined {
    const fields = this.#fields
    let type: ObjectType | '' = ''
    while (fields.peek() === SEMICOLON) {
      const start = fields.at
      do fields.at++
      while (fields.peek() === SPACE)
      const name = fields.at
      const known = TYPES.get(fields.letters())
      const next = fields.peek()
      if (
        known !== undefined &&
        (next === SPACE || next === CLOSE || next === SEMICOLON) &&
        fields.at - name <= MAX_LETTERS
      )
        type = known
      else if (!this.#otherParameter(start)) return undefined
    }
    return type
  }

  /** Skips a parameter that has no meaning here. */
  #otherParameter(start: number): boolean {
    const fields = this.#fields
    fields.at = start
    if (this.#parameter() === undefined) return false
    return fields.peek() !== EQUALS || (fields.at++, fields.item() !== undefined)
  }

  #rangeParameter(): string | undefined {
    const fields = this.#fields
    let range = ''
    while (fields.peek() === SEMICOLON) {
      const name = this.#parameter()
      if (name === undefined) return undefined
      const value = fields.peek() === EQUALS ? (fields.at++, fields.item()) : true
      if (value === undefined) return undefined
      if (name === 'r' && typeof value === 'string') range = value
    }
    return range
  }

  /** Name of the parameter after a semicolon. */
  #parameter(): string | undefined {
    const fields = this.#fields
    fields.at++
    while (fields.peek() === SPACE) fields.at++
    const start = fields.at
    return fields.key() ? fields.text.substring(start, fields.at) : undefined
  }
}

/** Undefined if a percent sign is not followed by two hex digits, or if the bytes are not UTF-8. */
export function percentDecoded(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
