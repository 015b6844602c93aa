/**
 * Variable-length integers: seven bits a byte, least significant first; the eighth bit says that another byte follows.
 * A long is zigzag-encoded: its sign is the lowest bit. Sources: Avro 1.12, "Binary Encoding"; Kafka protocol, "Record
 * Batch"; ClickHouse, RowBinary (unsigned).
 *
 * A reader returns the value and stores the position behind it in `after`: a second return value that allocates
 * nothing.
 */

/** Maximum length of a long, bytes. */
export const MAX_LONG_BYTES = 10

/** Position behind the number that was read last. */
export let after = 0

/**
 * Reads the long at `pos`. Returns NaN if it is cut off at `end` or longer than ten bytes. A value beyond the safe
 * integers is returned rounded, and so is out of range for every field.
 */
export function readLong(src: Uint8Array, pos: number, end: number): number {
  if (pos >= end) return NaN
  const first = src[pos]!
  if (first < 0x80) {
    after = pos + 1
    return (first >>> 1) ^ -(first & 1)
  }
  // Lengths and offsets within a batch take two bytes; this fast path is small enough to be inlined into the callers.
  if (pos + 1 < end && src[pos + 1]! < 0x80) {
    after = pos + 2
    const bits = (first & 0x7f) | (src[pos + 1]! << 7)
    return (bits >>> 1) ^ -(bits & 1)
  }
  return readLarge(src, pos, end)
}

function readLarge(src: Uint8Array, pos: number, end: number): number {
  // The sign bit is removed first: the zigzag of a safe integer needs one bit more than a safe integer has.
  let byte = src[pos++]!
  const sign = byte & 1
  let size = (byte & 0x7f) >>> 1
  for (let scale = 64; ; scale *= 128) {
    if (pos >= end || scale > 2 ** 62) return NaN
    byte = src[pos++]!
    size += (byte & 0x7f) * scale
    if (byte < 0x80) break
  }
  after = pos
  return sign === 1 ? -size - 1 : size
}

/** Reads the unsigned number at `pos`, with the same errors as `readLong`. */
export function readUnsigned(src: Uint8Array, pos: number, end: number): number {
  let value = 0
  for (let scale = 1; pos < end && scale <= 2 ** 63; scale *= 128) {
    const byte = src[pos++]!
    value += (byte & 0x7f) * scale
    if (byte >= 0x80) continue
    after = pos
    return value
  }
  return NaN
}

/** Returns the position behind the number at `pos`; its bytes must be complete. */
export function skipNumber(src: Uint8Array, pos: number): number {
  while (src[pos++]! >= 0x80);
  return pos
}

/** Writes a safe integer at `at`; returns the position behind it. Past the end of `out` it only counts bytes. */
export function writeLong(out: Uint8Array, at: number, value: number): number {
  if (value < 1_073_741_824 && value >= -1_073_741_824) {
    const small = value | 0
    return writeUint32(out, at, (small << 1) ^ (small >> 31))
  }
  // Beyond 31 bits the doubled value may not be exact as a double, so the sign bit is written separately.
  const sign = value < 0 ? 1 : 0
  const size = sign === 1 ? -value - 1 : value
  const low = size % 64
  const rest = (size - low) / 64
  out[at++] = (low << 1) | sign | 0x80
  const middle = rest % 0x1000_0000
  const high = (rest - middle) / 0x1000_0000
  if (high === 0) return writeUint32(out, at, middle)
  out[at++] = (middle & 0x7f) | 0x80
  out[at++] = ((middle >>> 7) & 0x7f) | 0x80
  out[at++] = ((middle >>> 14) & 0x7f) | 0x80
  out[at++] = (middle >>> 21) | 0x80
  return writeUint32(out, at, high)
}

/** Writes 32 bits as an unsigned number; the zigzag of a length below 2^31 is twice the length. */
export function writeUint32(out: Uint8Array, at: number, bits: number): number {
  let rest = bits >>> 0
  while (rest > 0x7f) {
    out[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  out[at++] = rest
  return at
}

/** Number of bytes that writeLong uses. */
export function longBytes(value: number): number {
  const size = value < 0 ? -(value + 1) : value
  let bytes = 1
  let rest = size
  // Above 32 bits by division; the first byte holds six bits besides the sign.
  for (; rest >= 2 ** 32; rest = Math.floor(rest / 128)) bytes++
  for (rest >>>= 6; rest > 0; rest >>>= 7) bytes++
  return bytes
}
