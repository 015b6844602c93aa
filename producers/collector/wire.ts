import { writeUint32 } from '../../platform/varint.ts'
import type { Text } from './parse/text.ts'

/**
 * Avro's primitive encodings, written into a buffer with enough space. Each function returns the offset after what it
 * wrote. `| 0` on a loop counter keeps it a machine integer: otherwise every step converts it from a tagged value or a
 * double.
 */

/** Writes bytes `[from, to)` of `source` with a length prefix: an Avro string or bytes. */
export function writeSlice(out: Uint8Array, at: number, source: Uint8Array, from: number, to: number): number {
  const length = to - from
  at = writeUint32(out, at, length << 1)
  // Below about 48 bytes a loop is cheaper than the call into C++.
  if (length < 48) {
    while (from < to) out[at++] = source[from++]!
    return at
  }
  out.set(source.subarray(from, to), at)
  return at + length
}

/** The same for a slice of the request's text, copied four bytes at a time. `view` is a view of `out`. */
export function writeWords(
  out: Uint8Array,
  view: DataView,
  at: number,
  { bytes, words }: Text,
  from: number,
  to: number,
): number {
  let place = writeUint32(out, at, (to - from) << 1) | 0
  let next = from | 0
  for (const last = (to | 0) - 4; next <= last; next += 4, place += 4)
    view.setInt32(place, words.getInt32(next, true), true)
  while (next < to) out[place++] = bytes[next++]!
  return place
}

export function writeText(out: Buffer, at: number, text: string): number {
  const length = Buffer.byteLength(text)
  at = writeUint32(out, at, length << 1)
  return at + out.write(text, at, length, 'utf8')
}

/** Length above which the call into C++ is cheaper than a loop. */
const SHORT = 64

/**
 * Writes a short ASCII text without its length; returns undefined if it is not short ASCII, and then the caller must
 * overwrite what was written.
 */
export function writeAscii(out: Uint8Array, at: number, text: string): number | undefined {
  const { length } = text
  if (length > SHORT) return undefined
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return undefined
    out[at++] = code
  }
  return at
}

const double = new Float64Array(1)
const doubleBytes = new Uint8Array(double.buffer)

export function writeDouble(out: Uint8Array, at: number, value: number): number {
  double[0] = value
  for (let i = 0; i < 8; i++) out[at++] = doubleBytes[i]!
  return at
}

/**
 * 64-bit hash of a slice as two halves; fast, not collision-resistant against adversaries. Source: MurmurHash3's
 * constants, one lane per half.
 */
export function hash64(bytes: DataView, from: number, to: number, halves: Uint32Array): void {
  let low = halves[0]! | 0
  let high = halves[1]! | 0
  let at = from | 0
  const last = (to | 0) - 4
  for (; at <= last; at += 4) {
    const word = Math.imul(bytes.getInt32(at, true), 0xcc9e2d51)
    low = (Math.imul(((low ^ word) << 13) | ((low ^ word) >>> 19), 5) + 0x64e6_546b) | 0
    high = Math.imul(high ^ word, 0x85eb_ca6b)
    high ^= high >>> 15
  }
  for (; at < to; at++) {
    low = Math.imul(low ^ bytes.getUint8(at), 0x0100_0193)
    high = Math.imul(high + bytes.getUint8(at), 0xc2b2_ae35)
  }
  halves[0] = low ^ (low >>> 16)
  halves[1] = high ^ (high >>> 13)
}
