/**
 * Seeded randomness: the same seed gives the same sequence on every machine.
 *
 * Source: sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform integer in [0, below). */
  below(below: number): number
  /** Standard normal, by the polar method. */
  normal(): number
  /** A separate generator determined only by this seed and the label: streams do not affect one another. */
  fork(label: string | number): Random
  /** `length` bytes. */
  bytes(length: number): Uint8Array
}

export function seeded(seed: number | string): Random {
  const root = typeof seed === 'number' ? seed >>> 0 : hash32(seed)
  const mix = splitmix32(root)
  let [a, b, c, counter] = [mix(), mix(), mix(), 1]
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) bits()
  const next = (): number => (bits() * 2 ** 21 + (bits() >>> 11)) / 2 ** 53
  return {
    next,
    below: (below) => Math.floor(next() * below),
    normal: () => polar(next),
    fork: (label) => seeded(`${root}/${label}`),
    bytes(length) {
      const out = new Uint8Array(length)
      for (let i = 0; i < length; i++) out[i] = bits() & 0xff
      return out
    },
  }
}

/** Unpredictable randomness, for ids of real processes. */
export function unpredictable(): Random {
  return seeded(`${process.pid}/${process.hrtime.bigint()}/${Math.random()}`) // eslint-disable-line no-restricted-properties
}

/** FNV-1a, 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state ^ (state >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
}

function polar(next: () => number): number {
  for (;;) {
    const u = 2 * next() - 1
    const v = 2 * next() - 1
    const s = u * u + v * v
    if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s)
  }
}
