import { hash } from 'node:crypto'
import type { Random } from './random.ts'

/**
 * Event ids: 16 bytes, written as the usual 8-4-4-4-12 hex digits.
 *
 * Version 7 (time, then random bits) for events that happen now; version 8 (a hash) for rows of a data set, so that
 * sending the set again produces the same ids. Source: RFC 9562 sections 5.7 and 5.8.
 */
export const ID_BYTES = 16

/** Writes a UUIDv7 to `out[at…at+15]`: 48 bits of `now` (ms since the epoch), 74 random bits. */
export function writeUuidV7(out: Uint8Array, at: number, now: number, random: Random): void {
  const high = random.next() * 2 ** 42
  const low = random.below(2 ** 32)
  const time = Math.floor(now / 2 ** 16)
  const rest = Math.floor(high / 2 ** 12)
  putUint32(out, at, time)
  putUint16(out, at + 4, now & 0xffff)
  putUint16(out, at + 6, 0x7000 | (high & 0xfff))
  putUint32(out, at + 8, 0x80000000 | rest)
  putUint32(out, at + 12, low)
}

/** See writeUuidV7. */
export function uuidV7(now: number, random: Random): Uint8Array {
  const id = new Uint8Array(ID_BYTES)
  writeUuidV7(id, 0, now, random)
  return id
}

/**
 * The id of something with a permanent name, such as a row of a data set: a UUIDv8 of SHA-256(namespace, 0x00, name).
 */
export function nameUuid(namespace: string, name: string): Uint8Array {
  const id = hash('sha256', `${namespace}\0${name}`, 'buffer').subarray(0, ID_BYTES)
  id[6] = 0x80 | (id[6]! & 0x0f)
  id[8] = 0x80 | (id[8]! & 0x3f)
  return id
}

/** Text of the id at `bytes[at…at+15]`. */
export function formatUuid(bytes: Uint8Array, at = 0): string {
  const pair = (i: number): string => HEX[bytes[at + i]!]!
  return (
    pair(0) +
    pair(1) +
    pair(2) +
    pair(3) +
    '-' +
    pair(4) +
    pair(5) +
    '-' +
    pair(6) +
    pair(7) +
    '-' +
    pair(8) +
    pair(9) +
    '-' +
    pair(10) +
    pair(11) +
    pair(12) +
    pair(13) +
    pair(14) +
    pair(15)
  )
}

/** Writes the 36 ASCII bytes of the id at `bytes[at…]` to `out[to…]`. */
export function writeUuidText(bytes: Uint8Array, at: number, out: Uint8Array, to: number): void {
  let place = to
  for (let i = 0; i < ID_BYTES; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) out[place++] = DASH
    const byte = bytes[at + i]!
    out[place++] = DIGITS[byte >> 4]!
    out[place++] = DIGITS[byte & 15]!
  }
}

/**
 * Reads a UUID's text or 32 bare hex digits into `out[at…at+15]`. Returns false if the text is neither; the content of
 * `out` there is then undefined.
 */
export function readUuid(text: string, out: Uint8Array, at = 0): boolean {
  const dashed = text.length === 36
  if (!dashed && text.length !== 32) return false
  let place = 0
  for (let i = 0; i < ID_BYTES; i++) {
    if (dashed && (i === 4 || i === 6 || i === 8 || i === 10) && text.charCodeAt(place++) !== DASH) return false
    const value = nibble(text.charCodeAt(place)) * 16 + nibble(text.charCodeAt(place + 1))
    // An invalid digit is NaN, which fails every comparison.
    if (!(value >= 0)) return false
    out[at + i] = value
    place += 2
  }
  return true
}

/** Parses like readUuid; returns undefined if the text is not an id. */
export function parseUuid(text: string): Uint8Array | undefined {
  const id = new Uint8Array(ID_BYTES)
  return readUuid(text, id) ? id : undefined
}

const DASH = 0x2d
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))

function nibble(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x61 && code <= 0x66) return code - 0x57
  if (code >= 0x41 && code <= 0x46) return code - 0x37
  return NaN
}

function putUint16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8
  out[at + 1] = value
}

function putUint32(out: Uint8Array, at: number, value: number): void {
  putUint16(out, at, value >>> 16)
  putUint16(out, at + 2, value)
}
