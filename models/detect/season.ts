/** Seasonality: rates of every value by half hour of the day, for a bounded number of past days. */
import { EVERYTHING, orderOf, singlesOf } from './cells.ts'
import type { GroupSums } from './baseline.ts'
import { METRICS } from './metrics.ts'

const SLOT_MS = 1_800_000
const SLOTS = 48
const DAYS = 7
/** A past half hour with fewer lumps of expected events is not used for the ratio. */
const MIN_TRIALS = 300
/** Upper bound of a seasonal increase over the hour before. */
const MAX_LIFT = 4

/** Sums of a half hour of a day: events and trials of each metric. */
interface Slot {
  readonly day: number
  readonly sums: readonly number[]
}

/** By group (everything and single values), by half hour: the latest days, newest last. */
export type Season = Readonly<Record<string, Readonly<Record<number, readonly Slot[]>>>>

const slotOf = (minute: number): number => ((Math.floor(minute / SLOT_MS) % SLOTS) + SLOTS) % SLOTS
const dayOf = (minute: number): number => Math.floor(minute / (SLOT_MS * SLOTS))

/** Adds a settled minute; no more than `most` groups are tracked. */
export function updateSeason(
  season: Season,
  minute: number,
  groups: ReadonlyMap<string, GroupSums>,
  { most, skip }: { most: number; skip: (group: string) => boolean },
): Season {
  const [slot, day] = [slotOf(minute), dayOf(minute)]
  const next: Record<string, Readonly<Record<number, readonly Slot[]>>> = { ...season }
  let count = Object.keys(next).length
  for (const [group, { tally }] of groups) {
    if (orderOf(group) > 1 || skip(group)) continue
    const known = next[group]
    if (known === undefined && count++ >= most) continue
    next[group] = { ...known, [slot]: withMinute(known?.[slot] ?? [], day, tally) }
  }
  return next
}

function withMinute(slots: readonly Slot[], day: number, tally: readonly number[]): readonly Slot[] {
  const last = slots.at(-1)
  const added = METRICS.flatMap((_, m) => [tally[2 * m]!, tally[2 * m + 1]!])
  if (last?.day !== day) return [...slots, { day, sums: added }].slice(-DAYS)
  return [...slots.slice(0, -1), { day, sums: last.sums.map((value, i) => value + added[i]!) }]
}

/**
 * Factor on the recent rate that is normal at this time of day, by metric, at least 1: the median over past days of the
 * rate in this half hour and the next, so a single bad day has no effect. A change must exceed both the recent rate and
 * the seasonal one.
 */
export function liftOf(season: Season, group: string, minute: number, recent: readonly number[]): number[] {
  const day = dayOf(minute)
  const rates = [slotOf(minute), (slotOf(minute) + 1) % SLOTS].map((slot) =>
    (season[group]?.[slot] ?? []).filter((past) => past.day < day),
  )
  return METRICS.map((_, m) => {
    const usual = Math.max(0, ...rates.map((past) => medianRate(past, m)))
    return recent[m]! > 0 ? Math.min(Math.max(usual / recent[m]!, 1), MAX_LIFT) : 1
  })
}

function medianRate(past: readonly Slot[], m: number): number {
  const rates = past
    .filter(({ sums }) => sums[2 * m + 1]! >= MIN_TRIALS)
    .map(({ sums }) => sums[2 * m]! / sums[2 * m + 1]!)
    .sort((a, b) => a - b)
  return rates[(rates.length - 1) >> 1] ?? 0
}

/** Lifts of everything and of a group's values: the greatest counts. */
export function liftsOf(group: string, lifts: ReadonlyMap<string, readonly number[]>): number[] {
  const own = [EVERYTHING, ...singlesOf(group)].map((each) => lifts.get(each))
  return METRICS.map((_, m) => Math.max(1, ...own.map((lift) => lift?.[m] ?? 1)))
}
