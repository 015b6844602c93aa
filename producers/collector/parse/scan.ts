/** Steps over JSON where it lies. Every function returns the place after what it stepped over, or -1 when it is not JSON. */

export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const COLON = 0x3a
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const MINUS = 0x2d
export const NEWLINE = 0x0a

/** Deeper values are refused: no event nests further than a record in an array. */
const MAX_DEPTH = 32
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const LITERALS = ['true', 'false', 'null']

/** First place that is no white space. */
export function skipSpace(src: Buffer, pos: number, end: number): number {
  while (pos < end) {
    const byte = src[pos]!
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    pos++
  }
  return pos
}

/** After the closing quote of the string that opens at `pos`; its inside is not looked at but for escapes and control characters. */
export function skipString(src: Buffer, pos: number, end: number): number {
  for (pos++; pos < end; pos++) {
    const byte = src[pos]!
    if (byte === QUOTE) return pos + 1
    if (byte === BACKSLASH) pos++
    else if (byte < 0x20) return -1
  }
  return -1
}

/** After the number or literal at `pos`. */
export function skipAtom(src: Buffer, pos: number, end: number): number {
  const from = pos
  while (pos < end && isAtom(src[pos]!)) pos++
  const text = src.toString('latin1', from, pos)
  return NUMBER.test(text) || LITERALS.includes(text) ? pos : -1
}

const isAtom = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x7a) || byte === MINUS || byte === 0x2b || byte === 0x2e || byte === 0x45

/** After the value that starts at `pos`. */
export function skipValue(src: Buffer, pos: number, end: number, depth = 0): number {
  if (pos >= end || depth > MAX_DEPTH) return -1
  switch (src[pos]!) {
    case QUOTE: return skipString(src, pos, end)
    case OPEN_OBJECT: return skipMembers(src, pos, end, CLOSE_OBJECT, depth)
    case OPEN_ARRAY: return skipMembers(src, pos, end, CLOSE_ARRAY, depth)
    default: return skipAtom(src, pos, end)
  }
}

function skipMembers(src: Buffer, pos: number, end: number, close: number, depth: number): number {
  pos = skipSpace(src, pos + 1, end)
  if (src[pos] === close && pos < end) return pos + 1
  for (;;) {
    if (close === CLOSE_OBJECT) {
      pos = pos < end && src[pos] === QUOTE ? skipString(src, pos, end) : -1
      if (pos === -1) return -1
      pos = skipSpace(src, pos, end)
      if (pos >= end || src[pos] !== COLON) return -1
      pos = skipSpace(src, pos + 1, end)
    }
    pos = skipValue(src, pos, end, depth + 1)
    if (pos === -1) return -1
    pos = skipSpace(src, pos, end)
    if (pos >= end) return -1
    if (src[pos] === close) return pos + 1
    if (src[pos] !== COMMA) return -1
    pos = skipSpace(src, pos + 1, end)
  }
}

/** The number of a token already known to be one, or NaN. */
export function numberOf(src: Buffer, from: number, to: number): number {
  const text = src.toString('latin1', from, to)
  return NUMBER.test(text) ? Number(text) : NaN
}
