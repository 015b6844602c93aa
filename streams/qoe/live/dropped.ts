/**
 * Segments that are counted and no longer followed: where more sessions speak than memory holds, those that were silent
 * longest are dropped, and the minutes keep what they contributed. If one of them speaks again, it must not be counted
 * as a new one. So the dropped ones are remembered in a Bloom filter (Bloom 1970): a few bits for each, and a segment
 * that was never dropped is taken for one with a small probability. The number of those that spoke again is estimated
 * by HyperLogLog (Flajolet et al. 2007): a function of the set of their keys, off by 2 %.
 */
export interface Dropped {
  add(key: bigint): void
  /** True if the segment was dropped; it then counts as one that is left out. */
  leavesOut(key: bigint): boolean
  /** Forgets what was dropped before the last call. */
  rotate(): void
  /** Number of segments left out, about. */
  readonly leftOut: number
}

/** 8 MiB: one in 25 is taken for a dropped one after ten million, one in a million after half a million. */
const FILTER_BITS = 2 ** 26
const HASHES = 4

interface Generation {
  readonly filter: Uint32Array
  readonly leftOut: Distinct
}

/** Takes no memory before the first segment is dropped. */
export function openDropped(): Dropped {
  let [older, newer]: (Generation | undefined)[] = []
  return {
    add(key) {
      newer ??= { filter: new Uint32Array(FILTER_BITS / 32), leftOut: countDistinct() }
      for (const at of placesOf(key)) newer.filter[at >>> 5]! |= 1 << (at & 31)
    },
    leavesOut(key) {
      if (newer === undefined && older === undefined) return false
      const places = placesOf(key)
      const generation = has(newer, places) ? newer : has(older, places) ? older : undefined
      generation?.leftOut.add(key)
      return generation !== undefined
    },
    rotate() {
      ;[older, newer] = [newer, undefined]
    },
    get leftOut() {
      return (older?.leftOut.count() ?? 0) + (newer?.leftOut.count() ?? 0)
    },
  }
}

const has = (generation: Generation | undefined, places: readonly number[]): boolean =>
  generation !== undefined && places.every((at) => (generation.filter[at >>> 5]! & (1 << (at & 31))) !== 0)

/** Places of a key in the filter: double hashing of the halves of the key, which is a hash itself. */
function placesOf(key: bigint): number[] {
  const [low, high] = [Number(key & 0xffffffffn), Number(key >> 32n) | 1]
  const places = new Array<number>(HASHES)
  for (let i = 0; i < HASHES; i++) places[i] = ((low + Math.imul(i, high)) >>> 0) % FILTER_BITS
  return places
}

interface Distinct {
  add(key: bigint): void
  count(): number
}

const INDEX_BITS = 12
const REGISTERS = 2 ** INDEX_BITS
const BIAS = 0.7213 / (1 + 1.079 / REGISTERS)

function countDistinct(): Distinct {
  const registers = new Uint8Array(REGISTERS)
  return {
    add(key) {
      const at = Number(key & BigInt(REGISTERS - 1))
      registers[at] = Math.max(registers[at]!, Math.clz32(Number(key >> 32n)) + 1)
    },
    count() {
      const empty = registers.filter((rank) => rank === 0).length
      const estimate = (BIAS * REGISTERS ** 2) / registers.reduce((sum, rank) => sum + 2 ** -rank, 0)
      // Few keys: the number of empty registers is the better estimate.
      return Math.round(empty > 0 && estimate <= 2.5 * REGISTERS ? REGISTERS * Math.log(REGISTERS / empty) : estimate)
    },
  }
}
