import { BYTE, skipSpace } from './parse/scan.ts'
import type { Slot } from './slot.ts'

const { COLON, QUOTE } = BYTE

/** Finds a field by name if the prediction failed: hashes the bytes in place, without allocating a string. */
export class Names {
  /** Offset after the colon of the name found last. */
  after = 0
  /** False if the text at the position is not a name with a colon. */
  isJson = true
  readonly #slots: (Slot | undefined)[] = new Array<Slot | undefined>(1024).fill(undefined)
  readonly #names: readonly Uint8Array[]

  constructor(names: readonly string[], slots: readonly Slot[]) {
    this.#names = names.map((name) => Buffer.from(name))
    this.#names.forEach((name, i) => {
      let place = mixed(hashOf(name))
      while (this.#slots[place] !== undefined) place = (place + 1) & 1023
      this.#slots[place] = slots[i]
    })
  }

  /**
   * The field whose name begins at `pos`, after its opening quote. Names with escapes are not found: no field name
   * needs one.
   */
  find(src: Buffer, pos: number, end: number): Slot | undefined {
    let hash = 0
    let close = pos
    for (; close < end && src[close] !== QUOTE; close++) hash = (Math.imul(hash, 31) + src[close]!) | 0
    const colon = skipSpace(src, close + 1, end)
    this.isJson = colon < end && src[colon] === COLON
    this.after = colon + 1
    for (let place = mixed(hash); ; place = (place + 1) & 1023) {
      const slot = this.#slots[place]
      if (slot === undefined) return undefined
      const name = this.#names[slot.index]!
      if (close - pos === name.length && src.compare(name, 0, name.length, pos, close) === 0) return slot
    }
  }
}

const mixed = (hash: number): number => (hash ^ (hash >>> 10) ^ (hash >>> 20)) & 1023

function hashOf(name: Uint8Array): number {
  let hash = 0
  for (const byte of name) hash = (Math.imul(hash, 31) + byte) | 0
  return hash
}
