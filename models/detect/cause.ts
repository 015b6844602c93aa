/**
 * Finds the set of cells that explains an excess. Every value and every pair of values is scored by the
 * expectation-based Poisson scan statistic (Neill 2009, "Expectation-based scan statistics for monitoring spatial time
 * series data"): with C events inside a set and B expected ones, C ln(C/B) + B - C is the log likelihood ratio of
 * "everything inside is C/B times as bad, outside is normal".
 *
 * Consequences: a set that misses part of the excess scores lower (an OCA, compared with the faulty ISP that uses it
 * most), and so does a set that includes healthy cells (each ISP, compared with the dead OCA that serves several). Sums
 * over metrics add up; a lump of events counts once (divided by the dispersion). Naming a set costs the log of the
 * number of sets of its kind (two-part code, Rissanen 1978), so a pair must add more than the chance of finding one
 * that does.
 */
import {
  causeOf,
  DIMENSIONS,
  EVERYTHING,
  groupsOf,
  orderOf,
  singlesOf,
  valuesOfKey,
  type Cause,
  type MinuteCell,
} from './cells.ts'
import { fit, ratesOf, type Leaves } from './baseline.ts'
import { leavesOf } from './minutes.ts'
import { addTo, emptyTally, METRICS } from './metrics.ts'

/** Sums of cells with the same values after the change, and their expected events by metric. */
export type Rows = ReadonlyMap<string, { readonly tally: readonly number[]; readonly expected: readonly number[] }>

/** Evidence for a cause, in the metric that shows it best. */
export interface CauseEvidence {
  readonly cause: Cause
  /** Nats, after the cost of its name. */
  readonly score: number
  readonly metric: string
  /** Events inside, and how many of them are expected. */
  readonly events: number
  readonly expected: number
  /** Excess events inside, and their share of the total excess (above 1 if it is better than expected outside). */
  readonly excess: number
  readonly share: number
  /** Events / expected events. */
  readonly inside: number
  readonly outside: number
}

interface Sums {
  readonly events: number[]
  readonly expected: number[]
}

/** A pair must explain this many times as much as the better of its values, in addition to the cost of its name. */
const PAIR_ADDS = 1.05

/** Causes of an excess in `metrics` (indices into METRICS), best first; empty if nothing is worse than expected. */
export function rankCauses(
  rows: Rows,
  metrics: readonly number[],
  dispersion: readonly number[],
  most = 10,
): CauseEvidence[] {
  const groups = sumsByGroup(rows)
  const all = groups.get(EVERYTHING)
  if (all === undefined) return []
  const costs = costsOf(groups)
  const gains = new Map(
    [...groups].map(([group, sums]) => [group, metrics.reduce((total, m) => total + gainOf(sums, m, dispersion), 0)]),
  )
  return [...groups]
    .map(([group, sums]) => ({ group, sums, score: gains.get(group)! - costs[orderOf(group)] }))
    .filter(
      ({ group, score }) =>
        score > 0 &&
        (orderOf(group) < 2 ||
          gains.get(group)! > PAIR_ADDS * Math.max(...singlesOf(group).map((each) => gains.get(each)!))),
    )
    .sort(
      (a, b) =>
        b.score - a.score ||
        orderOf(a.group) - orderOf(b.group) ||
        placeOf(a.group) - placeOf(b.group) ||
        (a.group < b.group ? -1 : 1),
    )
    .slice(0, most)
    .map(({ group, sums, score }) => evidenceOf(group, sums, all, score, metrics, dispersion))
}

/** Of sets with the same cells, the one of the earlier dimension is named. */
const placeOf = (group: string): number => DIMENSIONS.findIndex((name) => group.startsWith(`${name}=`))

function sumsByGroup(rows: Rows): Map<string, Sums> {
  const groups = new Map<string, Sums>()
  for (const [key, { tally, expected }] of rows) {
    for (const group of groupsOf(valuesOfKey(key))) {
      let sums = groups.get(group)
      if (sums === undefined)
        groups.set(group, (sums = { events: METRICS.map(() => 0), expected: METRICS.map(() => 0) }))
      for (let m = 0; m < METRICS.length; m++) {
        sums.events[m]! += tally[2 * m]!
        sums.expected[m]! += expected[m]!
      }
    }
  }
  return groups
}

function costsOf(groups: ReadonlyMap<string, unknown>): readonly [number, number, number] {
  const count = [0, 0, 0]
  for (const group of groups.keys()) count[orderOf(group)]!++
  const [value, pair] = [Math.log(Math.max(1, count[1]!)), Math.log(Math.max(1, count[2]!))]
  // "Everything" costs as much as a value: otherwise a version that most sessions have would lose to it while events
  // are few.
  return [value, value, pair]
}

function gainOf({ events, expected }: Sums, m: number, dispersion: readonly number[]): number {
  // Half a lump if no events are expected: no history makes an event impossible.
  const usual = Math.max(expected[m]!, dispersion[m]! / 2)
  return events[m]! > usual ? (events[m]! * Math.log(events[m]! / usual) + usual - events[m]!) / dispersion[m]! : 0
}

function evidenceOf(
  group: string,
  sums: Sums,
  all: Sums,
  score: number,
  metrics: readonly number[],
  dispersion: readonly number[],
): CauseEvidence {
  const m = metrics.reduce((best, each) =>
    gainOf(sums, each, dispersion) > gainOf(sums, best, dispersion) ? each : best,
  )
  const [events, expected] = [sums.events[m]!, sums.expected[m]!]
  const excess = events - expected
  const [out, usualOut] = [all.events[m]! - events, all.expected[m]! - expected]
  return {
    cause: causeOf(group),
    score,
    metric: METRICS[m]!.name,
    events,
    expected,
    excess,
    share: excess / (all.events[m]! - all.expected[m]!),
    inside: ratio(events, expected),
    outside: group === EVERYTHING ? 1 : ratio(out, usualOut),
  }
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : part > 0 ? Infinity : 1)

/** The search for two sets of minute cells: what changed from `before` to `after` in a metric, by name. */
export function causesOfChange(
  before: readonly MinuteCell[],
  after: readonly MinuteCell[],
  metric: string,
): CauseEvidence[] {
  const m = METRICS.findIndex(({ name }) => name === metric)
  if (m < 0) return []
  const lumps = METRICS.map(({ dispersion }) => dispersion[0])
  const model = fit(leavesOf(before, Infinity), lumps)
  return rankCauses(
    rowsOf(leavesOf(after, Infinity), (key) => ratesOf(model, valuesOfKey(key))),
    [m],
    lumps,
  )
}

export function rowsOf(leaves: Leaves, rates: (key: string) => readonly number[]): Rows {
  return new Map(
    Object.entries(leaves).map(([key, tally]) => {
      const sum = emptyTally()
      addTo(sum, tally)
      const own = rates(key)
      return [key, { tally: sum, expected: METRICS.map((_, m) => sum[2 * m + 1]! * own[m]!) }]
    }),
  )
}
