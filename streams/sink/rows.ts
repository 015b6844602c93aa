/**
 * Avro data of one schema, undecoded, each framed by its offset: [offset][datum][offset].
 *
 * The leading offset becomes the column `_offset`; the trailing one is the frame guard: concatenated data have no
 * framing of their own, and a value that holds two records, or too few bytes, would shift every row after it.
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

  /** Bytes of all rows, frames included. */
  get size(): number {
    return this.#size
  }

  add(offset: number, source: Buffer, start: number, end: number): void {
    const room = end - start + 2 * MAX_VARINT
    if (this.#size + room > this.#bytes.length) this.#grow(this.#size + room)
    if (this.#count === this.#starts.length) this.#starts = enlarge(this.#starts)
    this.#starts[this.#count++] = this.#size
    let at = writeOffset(this.#bytes, this.#size, offset)
    at += source.copy(this.#bytes, at, start, end)
    this.#size = writeOffset(this.#bytes, at, offset)
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

  /** Looks at the datum of each row; returns what was said of those that something was said of. */
  faults(look: (bytes: Buffer, start: number, end: number) => string): Map<number, string> {
    const found = new Map<number, string>()
    for (let row = 0; row < this.#count; row++) {
      const fault = look(
        this.#bytes,
        afterOffset(this.#bytes, this.#start(row)),
        this.#start(row + 1) - offsetBytes(this.offset(row)),
      )
      if (fault !== '') found.set(row, fault)
    }
    return found
  }

  /** The other rows, copied. */
  without(rows: { has(row: number): boolean }): Rows {
    const rest = new Rows(this.#size)
    for (let row = 0; row < this.#count; row++) {
      if (rows.has(row)) continue
      const offset = this.offset(row)
      rest.add(
        offset,
        this.#bytes,
        afterOffset(this.#bytes, this.#start(row)),
        this.#start(row + 1) - offsetBytes(offset),
      )
    }
    return rest
  }

  /** Offset of a row. */
  offset(row: number): number {
    return readOffset(this.#bytes, this.#start(row))
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

/** Avro blocks of this size are read a little faster than one large one (measured). */
const BLOCK_BYTES = 65_536
const MAX_VARINT = 10

function enlarge(starts: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(starts.length * 2)
  larger.set(starts)
  return larger
}

/** Avro long (zigzag, base 128) of a non-negative number; returns the position after it. */
function writeOffset(bytes: Buffer, start: number, value: number): number {
  let at = start
  let rest = value * 2
  while (rest >= 0x1000_0000) {
    bytes[at++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[at++] = rest
  return at
}

function readOffset(bytes: Buffer, start: number): number {
  let value = 0
  let scale = 1
  for (let at = start; ; at++, scale *= 128) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value / 2
  }
}

function afterOffset(bytes: Buffer, start: number): number {
  let at = start
  while ((bytes[at++] ?? 0) >= 0x80);
  return at
}

const scratch = Buffer.alloc(MAX_VARINT)
const offsetBytes = (offset: number): number => writeOffset(scratch, 0, offset)

function blockHeader(count: number, size: number): Buffer {
  const header = Buffer.allocUnsafe(2 * MAX_VARINT)
  return header.subarray(0, writeOffset(header, writeOffset(header, 0, count), size))
}
