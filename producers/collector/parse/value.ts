import { BYTE, numberOf, skipAtom, skipSpace, skipString } from './scan.ts'

const { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } = BYTE

/** A JSON value as it was written: objects keep every name once, in order. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | ReadonlyMap<string, JsonValue>

const MAX_DEPTH = 32

/**
 * Reads arrays and objects of the text without `JSON.parse`, which returns wrong names with escapes on V8 12.8 to at
 * least 14.6: after `{"a":1,"\\":1}` it reads `{"a":1,"\n":1}` as having the name `\` (nodejs/node#63785), which would
 * store an attribute under another name. Single strings are not affected.
 */
export class ValueReader {
  /** Offset after the value read last. */
  after = 0

  /** The value at `pos`, or undefined if it is not JSON or a name occurs twice. */
  read(src: Buffer, pos: number, end: number, depth = 0): JsonValue | undefined {
    if (pos >= end || depth > MAX_DEPTH) return undefined
    switch (src[pos]!) {
      case QUOTE:
        return this.#string(src, pos, end)
      case OPEN_ARRAY:
        return this.#array(src, pos, end, depth)
      case OPEN_OBJECT:
        return this.#object(src, pos, end, depth)
      default:
        return this.#atom(src, pos, end)
    }
  }

  #array(src: Buffer, pos: number, end: number, depth: number): JsonValue[] | undefined {
    const items: JsonValue[] = []
    pos = skipSpace(src, pos + 1, end)
    if (src[pos] === CLOSE_ARRAY && pos < end) return this.#ends(items, pos + 1)
    for (;;) {
      const item = this.read(src, pos, end, depth + 1)
      if (item === undefined) return undefined
      items.push(item)
      pos = skipSpace(src, this.after, end)
      if (pos < end && src[pos] === CLOSE_ARRAY) return this.#ends(items, pos + 1)
      if (pos >= end || src[pos] !== COMMA) return undefined
      pos = skipSpace(src, pos + 1, end)
    }
  }

  #object(src: Buffer, pos: number, end: number, depth: number): Map<string, JsonValue> | undefined {
    const members = new Map<string, JsonValue>()
    pos = skipSpace(src, pos + 1, end)
    if (src[pos] === CLOSE_OBJECT && pos < end) return this.#ends(members, pos + 1)
    for (;;) {
      const name = pos < end && src[pos] === QUOTE ? this.#string(src, pos, end) : undefined
      if (name === undefined || members.has(name)) return undefined
      pos = skipSpace(src, this.after, end)
      if (pos >= end || src[pos] !== COLON) return undefined
      const value = this.read(src, skipSpace(src, pos + 1, end), end, depth + 1)
      if (value === undefined) return undefined
      members.set(name, value)
      pos = skipSpace(src, this.after, end)
      if (pos < end && src[pos] === CLOSE_OBJECT) return this.#ends(members, pos + 1)
      if (pos >= end || src[pos] !== COMMA) return undefined
      pos = skipSpace(src, pos + 1, end)
    }
  }

  #string(src: Buffer, pos: number, end: number): string | undefined {
    const after = skipString(src, pos, end)
    return after === -1 ? undefined : this.#ends(textOf(src, pos, after), after)
  }

  #atom(src: Buffer, pos: number, end: number): null | boolean | number | undefined {
    const after = skipAtom(src, pos, end)
    if (after === -1) return undefined
    this.after = after
    const word = src.toString('latin1', pos, after)
    if (word === 'null') return null
    return word === 'true' || word === 'false' ? word === 'true' : numberOf(src, pos, after)
  }

  #ends<T>(value: T, after: number): T {
    this.after = after
    return value
  }
}

/** The text of a string token, with its quotes included in the slice; undefined if an escape is invalid. */
export function textOf(src: Buffer, from: number, to: number): string | undefined {
  const token = src.toString('utf8', from, to)
  if (!token.includes('\\')) return token.slice(1, -1)
  try {
    return JSON.parse(token) as string
  } catch {
    return undefined
  }
}
