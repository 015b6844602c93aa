import { BYTE, skipSpace } from './parse/scan.ts'

const { COLON, QUOTE } = BYTE

/** What `at` answers instead of a field. */
export const NO_FIELD = -1
export const NO_JSON = -2

/**
 * Finds a field by its name where it lies in the JSON text, without making a string.
 *
 * Clients send their fields in the same order again and again, and write no space before the colon: the field that
 * followed last time is tried first, name, quote and colon together, four bytes at a time. Only a miss is hashed.
 */
export class Names {
  /** Place after the colon of the name found last. */
  after = 0
  /** Name, quote and colon of each field as little-endian words; what pads the last word is masked out. */
  readonly #words: Int32Array
  readonly #offsets: Int32Array
  readonly #masks: Int32Array
  readonly #lengths: Int32Array
  readonly #bytes: readonly Uint8Array[]
  readonly #slots = new Int16Array(1024).fill(-1)
  readonly #successors: Int16Array
  #previous = 0

  constructor(names: readonly string[]) {
    const texts = names.map((name) => Buffer.from(`${name}":`))
    this.#bytes = names.map((name) => Buffer.from(name))
    this.#lengths = Int32Array.from(texts, ({ length }) => length)
    this.#masks = Int32Array.from(texts, ({ length }) => (1 << (8 * (length % 4))) - 1)
    const padded = texts.map((text) => Buffer.concat([text, Buffer.alloc(4 - (text.length % 4))]))
    this.#words = Int32Array.from(padded.flatMap((text) => Array.from({ length: text.length / 4 }, (_, i) => text.readInt32LE(4 * i))))
    this.#offsets = new Int32Array(names.length)
    for (let i = 1; i < names.length; i++) this.#offsets[i] = this.#offsets[i - 1]! + padded[i - 1]!.length / 4
    this.#successors = Int16Array.from({ length: names.length + 1 }, (_, i) => (i < names.length - 1 ? i + 1 : 0))
    this.#bytes.forEach((name, i) => this.#insert(hashOf(name), i))
    this.restart()
  }

  /** Begins a record: its first field is foretold like any other. */
  restart(): void {
    this.#previous = this.#lengths.length
  }

  /** Field whose name begins at `pos`, after its opening quote; NO_FIELD or NO_JSON. `words` views the same bytes as `src`. */
  at(src: Buffer, words: DataView, pos: number, end: number): number {
    const foretold = this.#successors[this.#previous]!
    const field = this.#matches(foretold, words, pos, end) ? foretold : this.#search(src, pos, end)
    if (field >= 0) {
      this.#successors[this.#previous] = field
      this.#previous = field
    }
    return field
  }

  #matches(field: number, words: DataView, pos: number, end: number): boolean {
    const after = pos + this.#lengths[field]!
    // The masked word may reach beyond the name: so close to the end the slow way is taken.
    if (after + 4 > end) return false
    let at = this.#offsets[field]!
    for (; pos + 4 <= after; pos += 4) if (words.getInt32(pos, true) !== this.#words[at++]) return false
    if (((words.getInt32(pos, true) ^ this.#words[at]!) & this.#masks[field]!) !== 0) return false
    this.after = after
    return true
  }

  #search(src: Buffer, pos: number, end: number): number {
    let hash = 0
    let close = pos
    for (; close < end && src[close] !== QUOTE; close++) hash = (Math.imul(hash, 31) + src[close]!) | 0
    const colon = skipSpace(src, close + 1, end)
    if (colon >= end || src[colon] !== COLON) return NO_JSON
    this.after = colon + 1
    for (let slot = mixed(hash); ; slot = (slot + 1) & 1023) {
      const field = this.#slots[slot]!
      if (field === -1) return NO_FIELD
      if (src.compare(this.#bytes[field]!, 0, this.#bytes[field]!.length, pos, close) === 0) return field
    }
  }

  #insert(hash: number, field: number): void {
    let slot = mixed(hash)
    while (this.#slots[slot] !== -1) slot = (slot + 1) & 1023
    this.#slots[slot] = field
  }
}

const mixed = (hash: number): number => (hash ^ (hash >>> 10) ^ (hash >>> 20)) & 1023

function hashOf(name: Uint8Array): number {
  let hash = 0
  for (const byte of name) hash = (Math.imul(hash, 31) + byte) | 0
  return hash
}
