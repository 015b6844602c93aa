/**
 * Reads ClickHouse's RowBinary: values one after the other, little endian, without names. Strings, arrays and maps
 * start with their length as a varint; a map is a list of pairs; a DateTime64 is a signed 64-bit integer.
 */
export class RowReader {
  private readonly buffer: Buffer
  private readonly view: DataView
  private at = 0

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1))
  }
  uint16(): number {
    return this.view.getUint16(this.skip(2), true)
  }
  uint32(): number {
    return this.view.getUint32(this.skip(4), true)
  }
  uint64(): number {
    const at = this.skip(8)
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * TWO_TO_32
  }
  int8(): number {
    return this.view.getInt8(this.skip(1))
  }
  int16(): number {
    return this.view.getInt16(this.skip(2), true)
  }
  int32(): number {
    return this.view.getInt32(this.skip(4), true)
  }
  int64(): number {
    const at = this.skip(8)
    return this.view.getUint32(at, true) + this.view.getInt32(at + 4, true) * TWO_TO_32
  }
  bigUint64(): bigint {
    return this.view.getBigUint64(this.skip(8), true)
  }
  bigInt64(): bigint {
    return this.view.getBigInt64(this.skip(8), true)
  }
  float32(): number {
    return this.view.getFloat32(this.skip(4), true)
  }
  float64(): number {
    return this.view.getFloat64(this.skip(8), true)
  }

  /** Returns a copy, so that the value does not keep the answer's memory alive. */
  bytes(length: number): Uint8Array {
    const at = this.skipWithin(length)
    return new Uint8Array(this.buffer.subarray(at, at + length))
  }

  text(): string {
    const length = this.length()
    const at = this.skipWithin(length)
    return this.buffer.toString('utf8', at, at + length)
  }

  /** For columns with few distinct values: equal texts share one string in memory and are not decoded again. */
  cachedText(cache: TextCache): string {
    const length = this.length()
    return cache.read(this.buffer, this.skipWithin(length), length)
  }

  list<T>(read: () => T): T[] {
    const length = this.length()
    const list = new Array<T>(length)
    for (let i = 0; i < length; i++) list[i] = read()
    return list
  }

  map<K, V>(readKey: () => K, readValue: () => V): Map<K, V> {
    const map = new Map<K, V>()
    for (let i = this.length(); i > 0; i--) map.set(readKey(), readValue())
    return map
  }

  private length(): number {
    let length = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.uint8()
      length += (byte & 127) * factor
      if (byte < 128) return length
    }
  }

  /** Advances and returns the position before; a DataView itself refuses to read past the end. */
  private skip(bytes: number): number {
    const at = this.at
    this.at = at + bytes
    return at
  }

  private skipWithin(bytes: number): number {
    if (this.at + bytes > this.buffer.length) throw new RangeError('a row ends before its last value')
    return this.skip(bytes)
  }
}

const TWO_TO_32 = 2 ** 32
const SLOTS = 1_024
const MAX_CACHED_BYTES = 32

/** Cache of decoded texts by their bytes: one slot per hash, overwritten by the latest text. */
export class TextCache {
  private readonly known = new Array<{ readonly bytes: Uint8Array; readonly text: string } | undefined>(SLOTS)

  read(buffer: Buffer, at: number, length: number): string {
    if (length > MAX_CACHED_BYTES) return buffer.toString('utf8', at, at + length)
    let hash = length
    for (let i = at; i < at + length; i++) hash = (Math.imul(hash, 31) + buffer[i]!) | 0
    const slot = hash & (SLOTS - 1)
    const known = this.known[slot]
    if (known !== undefined && isSame(known.bytes, buffer, at, length)) return known.text
    const text = buffer.toString('utf8', at, at + length)
    this.known[slot] = { bytes: new Uint8Array(buffer.subarray(at, at + length)), text }
    return text
  }
}

function isSame(bytes: Uint8Array, buffer: Buffer, at: number, length: number): boolean {
  if (bytes.length !== length) return false
  for (let i = 0; i < length; i++) if (bytes[i] !== buffer[at + i]) return false
  return true
}
