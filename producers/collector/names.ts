import { QUOTE } from './parse/scan.ts'

/**
 * Finds a field by its name where it lies in the JSON text, without making a string.
 *
 * Clients send their fields in the same order again and again: the field that followed last time is tried first,
 * and a hit costs one comparison of bytes. Only a miss is hashed.
 */
export class Names {
  /** Place after the closing quote of the name found last. */
  after = 0
  readonly #bytes: Uint8Array
  readonly #starts: Int32Array
  readonly #slots: Int16Array
  readonly #successor: Int16Array
  #previous: number

  constructor(names: readonly string[]) {
    const encoded = names.map((name) => Buffer.from(name))
    this.#bytes = new Uint8Array(Buffer.concat(encoded))
    this.#starts = new Int32Array(names.length + 1)
    encoded.forEach(({ length }, i) => (this.#starts[i + 1] = this.#starts[i]! + length))
    this.#successor = Int16Array.from({ length: names.length + 1 }, (_, i) => (i < names.length - 1 ? i + 1 : 0))
    this.#previous = names.length
    this.#slots = new Int16Array(1024).fill(-1)
    encoded.forEach((name, i) => this.#insert(hashOf(name), i))
  }

  /** Begins a record: its first field is foretold like any other. */
  restart(): void {
    this.#previous = this.#starts.length - 1
  }

  /** Index of the field whose name begins at `pos`, after its opening quote; -1 when there is none. */
  at(src: Buffer, pos: number, end: number): number {
    const foretold = this.#successor[this.#previous]!
    const field = this.#equals(foretold, src, pos, end) ? foretold : this.#search(src, pos, end)
    if (field >= 0) {
      this.#successor[this.#previous] = field
      this.#previous = field
    }
    return field
  }

  #equals(field: number, src: Buffer, pos: number, end: number): boolean {
    const bytes = this.#bytes
    const to = this.#starts[field + 1]!
    let at = this.#starts[field]!
    if (pos + to - at >= end) return false
    while (at < to) if (bytes[at++] !== src[pos++]) return false
    this.after = pos + 1
    return src[pos] === QUOTE
  }

  #search(src: Buffer, pos: number, end: number): number {
    let hash = 0
    for (let at = pos; at < end && src[at] !== QUOTE; at++) hash = (Math.imul(hash, 31) + src[at]!) | 0
    for (let slot = mixed(hash); ; slot = (slot + 1) & 1023) {
      const field = this.#slots[slot]!
      if (field < 0 || this.#equals(field, src, pos, end)) return field
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
