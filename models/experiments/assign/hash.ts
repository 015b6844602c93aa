/**
 * Buckets of units: FNV-1a over UTF-16 code units, as in GrowthBook's JavaScript SDK. An SDK that hashes UTF-8 gives
 * non-ASCII ids other buckets: use ASCII ids.
 */

const [OFFSET, PRIME] = [0x811c9dc5, 0x01000193]

/**
 * A unit's bucket in [0, 1): four digits in version 2, three in version 1 (biased; kept for experiments that already
 * run).
 */
export type Hash = (value: string) => number

/** 32-bit FNV-1a; `state` continues from text that was hashed before. */
export function fnv1a32(text: string, state: number = OFFSET): number {
  let hash = state
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  return hash >>> 0
}

/**
 * The hash function of a seed; undefined for an unknown version. Version 2 starts with the seed, which is hashed once.
 */
export function hashOf(seed: string, version: number): Hash | undefined {
  if (version === 1) return (value) => (fnv1a32(seed, fnv1a32(value)) % 1000) / 1000
  if (version !== 2) return undefined
  const seeded = fnv1a32(seed)
  return (value) => (fnv1a32(String(fnv1a32(value, seeded))) % 10_000) / 10_000
}
