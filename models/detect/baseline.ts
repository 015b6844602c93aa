/**
 * The baseline: an expected rate for every combination of values, also for combinations that were never seen.
 *
 * rate = level x one factor for each value (a log-linear model of main effects), fitted by iterative proportional
 * fitting (Deming & Stephan 1940) so that the margin of every value is met. A change of the mix (a new version that
 * reaches devices with weak radios first, more phones in the evening) is therefore not an excess. Factors shrink to 1
 * by PRIOR lumps of events (a Gamma prior), so a value without history is expected to behave as its other values do.
 */
import { DIMENSIONS, groupsOf, leafKey, valuesOfKey, within, type Cause, type Values } from './cells.ts'
import { addTo, emptyTally, METRICS, type Tally } from './metrics.ts'

/** Exponentially decayed sums of settled minutes. */
export type Leaves = Readonly<Record<string, readonly number[]>>

export interface Model {
  /** Events per trial over all cells, by metric. */
  readonly level: readonly number[]
  /** Factors of each value (`device=tv`), by metric. */
  readonly factors: Readonly<Record<string, readonly number[]>>
  /**
   * By metric, for every group of the history: the largest ratio observed/expected that its history does not
   * contradict. It is above 1 for pairs that are worse together than their values suggest, and for short histories.
   */
  readonly most: Readonly<Record<string, readonly number[]>>
}

export const NO_MODEL: Model = { level: METRICS.map(() => 0), factors: {}, most: {} }

const PRIOR = 4
/** Standard errors above the estimate that history cannot exclude. */
const SURE = 2
const ROUNDS = 4
/** Bound of a factor: no value is this much better or worse than the others in normal operation. */
const MAX_FACTOR = 50

/** If the established versions have less than this share, the newcomers are learned from too. */
const MIN_ESTABLISHED = 0.2

/**
 * Fits the model without `newcomers` (`app_version=9.6.0`): they are expected to perform like the established versions
 * on the same devices and networks. Otherwise a release that is bad from its first minute would be learned as normal
 * while it is still small.
 */
export function fit(history: Leaves, dispersion: readonly number[], newcomers: ReadonlySet<string> = NOBODY): Model {
  const all = Object.entries(history).map(([key, tally]) => ({ values: valuesOfKey(key), tally }))
  const established =
    newcomers.size === 0 ? all : all.filter(({ values }) => !newcomers.has(`${VERSION}=${values[VERSION_AT]}`))
  const size = (leaves: readonly Leaf[]): number =>
    leaves.reduce((sum, { tally }) => sum + tally.at(-1)! + tally.at(-2)!, 0)
  const leaves = size(established) < MIN_ESTABLISHED * size(all) ? all : established
  const total = emptyTally()
  for (const { tally } of leaves) addTo(total, tally)
  const level = METRICS.map((_, m) => (total[2 * m + 1]! > 0 ? total[2 * m]! / total[2 * m + 1]! : 0))
  const factors: Record<string, number[]> = {}
  for (let round = 0; round < ROUNDS; round++)
    DIMENSIONS.forEach((_, at) => balance(leaves, at, level, factors, dispersion))
  return { level, factors, most: bounds(leaves, { level, factors, most: {} }, dispersion) }
}

const NOBODY: ReadonlySet<string> = new Set()
const VERSION = 'app_version'
export const VERSION_AT = DIMENSIONS.indexOf(VERSION)

type Leaf = { readonly values: Values; readonly tally: readonly number[] }

/** Adjusts the factors of one dimension so that its margins are met. */
function balance(
  leaves: readonly Leaf[],
  at: number,
  level: readonly number[],
  factors: Record<string, number[]>,
  dispersion: readonly number[],
): void {
  const margins = new Map<string, { seen: number[]; expected: number[] }>()
  for (const { values, tally } of leaves) {
    const name = `${DIMENSIONS[at]}=${values[at]}`
    let margin = margins.get(name)
    if (margin === undefined)
      margins.set(name, (margin = { seen: METRICS.map(() => 0), expected: METRICS.map(() => 0) }))
    const rates = ratesOf({ level, factors, most: {} }, values)
    for (let m = 0; m < METRICS.length; m++) {
      margin.seen[m]! += tally[2 * m]!
      margin.expected[m]! += tally[2 * m + 1]! * rates[m]!
    }
  }
  for (const [name, { seen, expected }] of margins) {
    const known = (factors[name] ??= METRICS.map(() => 1))
    for (let m = 0; m < METRICS.length; m++) {
      const prior = PRIOR * dispersion[m]!
      known[m] = clamp((known[m]! * (seen[m]! + prior)) / (expected[m]! + prior), 1 / MAX_FACTOR, MAX_FACTOR)
    }
  }
}

/** Expected events per trial, by metric. */
export function ratesOf({ level, factors }: Model, values: Values): number[] {
  const rates = [...level]
  for (let at = 0; at < DIMENSIONS.length; at++) {
    const own = factors[`${DIMENSIONS[at]}=${values[at]}`]
    if (own !== undefined) for (let m = 0; m < rates.length; m++) rates[m]! *= own[m]!
  }
  return rates
}

/** A group's sums, and its expected events by metric. */
export interface GroupSums {
  readonly tally: Tally
  readonly expected: number[]
}

export function groupSums(
  leaves: Iterable<readonly [string, readonly number[]]>,
  model: Model,
): Map<string, GroupSums> {
  const groups = new Map<string, GroupSums>()
  for (const [key, tally] of leaves) {
    const values = valuesOfKey(key)
    const rates = ratesOf(model, values)
    for (const group of groupsOf(values)) {
      let sums = groups.get(group)
      if (sums === undefined) groups.set(group, (sums = { tally: emptyTally(), expected: METRICS.map(() => 0) }))
      addTo(sums.tally, tally)
      for (let m = 0; m < rates.length; m++) sums.expected[m]! += tally[2 * m + 1]! * rates[m]!
    }
  }
  return groups
}

const mostOf = (seen: number, expected: number, dispersion: number): number => {
  const prior = PRIOR * dispersion
  return (seen + prior + SURE * Math.sqrt((seen + prior) * dispersion)) / (expected + prior)
}

/** For a group without history. */
export const UNSEEN = mostOf(0, 0, 1)

function bounds(
  leaves: readonly Leaf[],
  model: Model,
  dispersion: readonly number[],
): Record<string, readonly number[]> {
  const sums = groupSums(
    leaves.map(({ values, tally }) => [leafKey(values), tally] as const),
    model,
  )
  return Object.fromEntries(
    [...sums].map(([group, { tally, expected }]) => [
      group,
      METRICS.map((_, m) => mostOf(tally[2 * m]!, expected[m]!, dispersion[m]!)),
    ]),
  )
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most)

/**
 * The history one minute later: data older than `halfLife` minutes counts half, quarantined cells are not learned, and
 * the smallest leaves are dropped.
 */
export function learn(
  history: Leaves,
  minute: Leaves,
  { halfLife, most, quarantine }: { halfLife: number; most: number; quarantine: readonly Cause[] },
): Leaves {
  const decay = 2 ** (-1 / halfLife)
  const next = new Map<string, Tally>()
  for (const [key, tally] of Object.entries(history)) {
    // Cells that are not learned from are not decayed either.
    const held = quarantine.some((cause) => within(valuesOfKey(key), cause))
    const kept = held ? [...tally] : tally.map((value) => value * decay)
    if (kept.at(-1)! + kept.at(-2)! >= LEAST) next.set(key, kept)
  }
  for (const [key, tally] of Object.entries(minute)) {
    if (quarantine.some((cause) => within(valuesOfKey(key), cause))) continue
    const known = next.get(key)
    if (known === undefined) next.set(key, [...tally])
    else addTo(known, tally)
  }
  return Object.fromEntries(largest(next, most))
}

/** Leaves with less weight than this are dropped. */
const LEAST = 0.05

/** The largest leaves; ties are ordered by name. */
export function largest<T extends readonly number[]>(leaves: ReadonlyMap<string, T>, most: number): [string, T][] {
  const all = [...leaves]
  if (all.length <= most) return all
  const size = (tally: T): number => tally.at(-1)! + tally.at(-2)!
  return all.sort(([a, x], [b, y]) => size(y) - size(x) || (a < b ? -1 : 1)).slice(0, most)
}
