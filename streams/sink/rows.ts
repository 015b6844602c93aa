import { longBytes, MAX_LONG_BYTES, readLong, skipNumber, writeLong } from '../../platform/varint.ts'

/**
 * Undecoded Avro data of one schema, each datum framed by its offset: [offset][datum][offset].
 *
 * The leading offset becomes the column `_offset`. The trailing offset is the frame guard: concatenated data have no
 * framing of their own, so a value that holds two records, or too few bytes, would shift every row after it.
 */
export class Rows {
  #bytes: Buffer
  #starts: Uint32Array
  #size = 0
  #count = 0

  constructor(initialBytes = 65_536) {
    this.#bytes = Buffer.allocUnsafe(initialBytes)
    this.#starts = new Uint32Array(1_024)
  }

  get count(): number {
    return this.#count
  }

  /** Size of all rows in bytes, frames included. */
  get size(): number {
    return this.#size
  }

  add(offset: number, source: Buffer, start: number, end: number): void {
    const room = end - start + 2 * MAX_LONG_BYTES
    if (this.#size + room > this.#bytes.length) this.#grow(this.#size + room)
    if (this.#count === this.#starts.length) this.#starts = enlarge(this.#starts)
    this.#starts[this.#count++] = this.#size
    let at = writeLong(this.#bytes, this.#size, offset)
    at += source.copy(this.#bytes, at, start, end)
    this.#size = writeLong(this.#bytes, at, offset)
  }

  /** Rows [from, to) as pieces of an Avro file's body: blocks of about `blockBytes`, cut between rows. */
  blocks(from: number, to: number, sync: Uint8Array, blockBytes = BLOCK_BYTES): Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (let first = from; first < to;) {
      const start = this.#start(first)
      let next = first + 1
      while (next < to && this.#start(next + 1) - start <= blockBytes) next++
      const end = this.#start(next)
      pieces.push(blockHeader(next - first, end - start), this.#bytes.subarray(start, end), sync)
      first = next
    }
    return pieces
  }

  /** Checks the datum of each row; returns the messages of the rows that have a fault, by row. */
  faults(look: (bytes: Buffer, start: number, end: number) => string): Map<number, string> {
    const found = new Map<number, string>()
    for (let row = 0; row < this.#count; row++) {
      const fault = look(
        this.#bytes,
        skipNumber(this.#bytes, this.#start(row)),
        this.#start(row + 1) - longBytes(this.offset(row)),
      )
      if (fault !== '') found.set(row, fault)
    }
    return found
  }

  /** A copy without the given rows. */
  without(rows: { has(row: number): boolean }): Rows {
    const rest = new Rows(this.#size)
    for (let row = 0; row < this.#count; row++) {
      if (rows.has(row)) continue
      const offset = this.offset(row)
      rest.add(offset, this.#bytes, skipNumber(this.#bytes, this.#start(row)), this.#start(row + 1) - longBytes(offset))
    }
    return rest
  }

  offset(row: number): number {
    return readLong(this.#bytes, this.#start(row), this.#size)
  }

  /** Empties the rows; the memory is kept for the next batch unless it grew past `keepBytes`. */
  clear(keepBytes: number): void {
    if (this.#bytes.length > keepBytes) this.#bytes = Buffer.allocUnsafe(keepBytes)
    this.#size = 0
    this.#count = 0
  }

  #start(row: number): number {
    return row === this.#count ? this.#size : (this.#starts[row] ?? this.#size)
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#size)
    this.#bytes = larger
  }
}

/** Blocks of this size are read slightly faster than one large Avro block (measured). */
const BLOCK_BYTES = 65_536

function enlarge(starts: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(starts.length * 2)
  larger.set(starts)
  return larger
}

function blockHeader(count: number, size: number): Buffer {
  const header = Buffer.allocUnsafe(2 * MAX_LONG_BYTES)
  return header.subarray(0, writeLong(header, writeLong(header, 0, count), size))
}
