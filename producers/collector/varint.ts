/** Place after the varint read last: a second answer without an object a value. */
export let after = 0

/**
 * Zig-zag varint at `pos`. NaN when it is cut off or longer than ten bytes; values beyond the safe integers come back
 * rounded, and so out of range for every field.
 */
export function readLong(src: Uint8Array, pos: number, end: number): number {
  if (pos >= end) return NaN
  let byte = src[pos++]!
  if (byte < 0x80) {
    after = pos
    return (byte >>> 1) ^ -(byte & 1)
  }
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
