/**
 * Buckets of units: FNV-1a over UTF-16 code units, as GrowthBook's JavaScript SDK counts them. An SDK that hashes UTF-8
 * puts ids outside ASCII elsewhere: give it ASCII ids.
 */

const [OFFSET, PRIME] = [0x811c9dc5, 0x01000193]

/** A unit's bucket in [0, 1): four digits by version 2, three (and biased, kept for what runs already) by version 1. */
export type Hash = (value: string) => number

/** FNV-1a of 32 bits; `state` goes on from a text hashed before. */
export function fnv1a32(text: string, state: number = OFFSET): number {
  let hash = state
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME)
  return hash >>> 0
}

/** The hash of a seed; undefined for a version nobody knows. Version 2 begins with the seed, which is hashed once. */
export function hashOf(seed: string, version: number): Hash | undefined {
  if (version === 1) return (value) => (fnv1a32(seed, fnv1a32(value)) % 1000) / 1000
  if (version !== 2) return undefined
  const seeded = fnv1a32(seed)
  return (value) => (fnv1a32(String(fnv1a32(value, seeded))) % 10_000) / 10_000
}
