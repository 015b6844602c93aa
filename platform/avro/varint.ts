/** Longs as Avro writes them: zigzag, seven bits a byte, the least first. Source: Avro 1.12, "Binary Encoding". */

/** Most bytes a long takes. */
export const MAX_LONG_BYTES = 10

/** Writes a safe integer at `at`; returns the place after it. Past the end of `target` it only counts. */
export function writeLong(target: Uint8Array, at: number, value: number): number {
  return value >= -0x40000000 && value <= 0x3fffffff ? writeSmall(target, at, value) : writeLarge(target, at, value)
}

/** Bytes that writeLong takes. */
export function longBytes(value: number): number {
  // The first byte holds six bits beside the sign.
  let rest = Math.floor((value < 0 ? -(value + 1) : value) / 0x40)
  let bytes = 1
  while (rest > 0) {
    rest = Math.floor(rest / 0x80)
    bytes++
  }
  return bytes
}

/**
 * A long written at `at`, with the place after it. Exact within safe integers; throws RangeError when the bytes end
 * early.
 */
export function readLong(source: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  const first = byteAt(source, at)
  // The lowest bit is the sign: taken off first, since the zigzag of a safe integer has one bit more than is safe.
  let magnitude = (first & 0x7f) >> 1
  let next = at + 1
  for (let factor = 0x40, more = first >= 0x80; more; factor *= 0x80) {
    if (next - at === MAX_LONG_BYTES) throw new RangeError(`no long ends within ${MAX_LONG_BYTES} bytes from ${at}`)
    const byte = byteAt(source, next++)
    magnitude += (byte & 0x7f) * factor
    more = byte >= 0x80
  }
  return { value: (first & 1) === 0 ? magnitude : -magnitude - 1, next }
}

function byteAt(source: Uint8Array, at: number): number {
  const byte = source[at]
  if (byte === undefined) throw new RangeError(`the bytes end at ${at}, inside a long`)
  return byte
}

function writeSmall(target: Uint8Array, at: number, value: number): number {
  let place = at
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  while (rest >= 0x80) {
    target[place++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[place++] = rest
  return place
}

/** The zigzag of a long may pass 2^53 (by one bit), so its lowest seven bits are taken off first. */
function writeLarge(target: Uint8Array, at: number, value: number): number {
  const positive = value < 0 ? -(value + 1) : value
  target[at] = ((positive % 0x40) * 2 + (value < 0 ? 1 : 0)) | 0x80
  let place = at + 1
  let rest = Math.floor(positive / 0x40)
  while (rest >= 0x80) {
    target[place++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  target[place++] = rest
  return place
}
