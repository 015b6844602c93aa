/**
 * Evidence of every group in every metric, minute by minute: what is tested, against which expectation, and when an
 * alarm begins and ends. A minute is judged by what was known before it.
 */
import { groupSums, UNSEEN, type GroupSums, type Leaves, type Model } from './baseline.ts'
import { orderOf } from './cells.ts'
import { grow, isExcess, logOf, NONE, threshold, type Evidence } from './evidence.ts'
import { METRICS, samplesAt } from './metrics.ts'
import { MINUTE_MS } from './minutes.ts'
import type { Options } from './options.ts'
import { liftOf, liftsOf, type Season } from './season.ts'

/** Evidence of a group in a metric, as of the last settled minute. */
export interface Track {
  readonly logs: Evidence
  /** The minute of its last restart: if there is a change, this is when it began. */
  readonly since: number
  /** Latest minute in which the group was large enough to be judged. */
  readonly seen: number
  /** Set while there is an alarm: the last minute with an excess. */
  readonly hot?: number
}

/** What was learned from earlier minutes; used to judge a minute. */
export interface Knowledge {
  readonly learned: number
  readonly history: Leaves
  readonly model: Model
  readonly dispersion: readonly number[]
  readonly season: Season
}

/** Sums of all groups in a minute. */
export const groupsIn = (leaves: Leaves, model: Model): ReadonlyMap<string, GroupSums> => {
  const known = cache.get(leaves)
  if (known?.model === model) return known.groups
  const groups = groupSums(Object.entries(leaves), model)
  cache.set(leaves, { model, groups })
  return groups
}
/** Group sums depend only on the minute, so they are cached as long as the minute exists. */
const cache = new WeakMap<Leaves, { readonly model: Model; readonly groups: ReadonlyMap<string, GroupSums> }>()

/** A group not seen for this long is dropped: names come and go, and their evidence must not accumulate. */
const GONE_MS = 30 * MINUTE_MS

/** Ends alarms that were without excess for long enough, and drops their evidence. */
export function calmed(
  tracks: Readonly<Record<string, Track>>,
  minute: number,
  { calmMinutes }: Options,
): Readonly<Record<string, Track>> {
  return Object.fromEntries(
    Object.entries(tracks).filter(([, { logs, seen, hot }]) =>
      hot === undefined
        ? minute - seen < GONE_MS && logs.some((log) => log > 0)
        : minute - hot < calmMinutes * MINUTE_MS,
    ),
  )
}

const trackName = (group: string, metric: number): string => `${metric}/${group}`

/** Adds one minute to the evidence of every group that is large enough to be judged. */
export function judged(
  state: Knowledge,
  tracks: Readonly<Record<string, Track>>,
  minute: number,
  groups: ReadonlyMap<string, GroupSums>,
  before: ReadonlyMap<string, GroupSums> | undefined,
  options: Options,
): Record<string, Track> {
  const next: Record<string, Track> = { ...tracks }
  if (state.learned < options.warmUp) return next
  const lifts = liftsAt(state, minute, groups)
  for (const [group, sums] of largestGroups(groups, options)) {
    const lift = liftsOf(group, lifts)
    for (let m = 0; m < METRICS.length; m++) {
      const at = samplesAt(METRICS[m]!)
      // A minute that has just begun, or that an outage emptied, is given the size of the one before.
      if (Math.max(sums.tally[at]!, before?.get(group)?.tally[at] ?? 0) < options.leastSamples) continue
      const name = trackName(group, m)
      const track = judge(
        next[name],
        {
          minute,
          events: sums.tally[2 * m]!,
          explained: explainedBy(state.model, sums, group, m, lift[m]!, options.margin),
          dispersion: state.dispersion[m]!,
          leastPlays: METRICS[m]!.repeats ? options.leastRepeaters : 0,
        },
        threshold(options.watch, orderOf(group), METRICS.length),
      )
      if (track === undefined) delete next[name]
      else next[name] = track
    }
  }
  return next
}

/** The largest groups of each order, at most as many as share the false alarms. */
function* largestGroups(
  groups: ReadonlyMap<string, GroupSums>,
  { watch, leastSamples }: Options,
): Generator<[string, GroupSums]> {
  for (const order of [0, 1, 2] as const) {
    const own = [...groups].filter(
      ([group, { tally }]) =>
        orderOf(group) === order && (order < 2 || tally.at(-1)! + tally.at(-2)! >= leastSamples / 2),
    )
    if (own.length > watch.groups[order])
      own.sort(
        ([a, x], [b, y]) => y.tally.at(-1)! + y.tally.at(-2)! - x.tally.at(-1)! - x.tally.at(-2)! || (a < b ? -1 : 1),
      )
    yield* own.slice(0, watch.groups[order])
  }
}

function liftsAt(
  { season, history, model }: Knowledge,
  minute: number,
  groups: ReadonlyMap<string, GroupSums>,
): ReadonlyMap<string, readonly number[]> {
  const recent = groupsIn(history, model)
  return new Map(
    [...groups.keys()]
      .filter((group) => orderOf(group) < 2 && season[group] !== undefined)
      .map((group) => {
        const { tally } = recent.get(group) ?? { tally: undefined }
        return [
          group,
          liftOf(
            season,
            group,
            minute,
            METRICS.map((_, m) =>
              tally === undefined || tally[2 * m + 1] === 0 ? 0 : tally[2 * m]! / tally[2 * m + 1]!,
            ),
          ),
        ]
      }),
  )
}

/** The most events that do not count as an excess. */
function explainedBy(
  model: Model,
  { tally, expected }: GroupSums,
  group: string,
  m: number,
  lift: number,
  margin: number,
): number {
  const most = expected[m]! * (model.most[group]?.[m] ?? UNSEEN) * lift * margin
  return Math.max(most, tally[2 * m + 1]! * METRICS[m]!.floor)
}

interface Look {
  readonly minute: number
  readonly events: number
  readonly explained: number
  readonly dispersion: number
  /** Lumps of excess events (that is, plays) with which an alarm begins. */
  readonly leastPlays: number
}

function judge(
  track: Track | undefined,
  { minute, events, explained, dispersion, leastPlays }: Look,
  needed: number,
): Track | undefined {
  const logs = grow(track?.logs ?? NONE, events, explained, dispersion)
  const excess = isExcess(events, explained, dispersion)
  const since =
    track !== undefined && (track.logs.some((log) => log > 0) || track.hot !== undefined) ? track.since : minute
  const alarmed = track?.hot !== undefined || (logOf(logs) >= needed && events - explained >= leastPlays * dispersion)
  // Evidence is capped above the alarm threshold: more would only take longer to decay.
  const capped = logs.map((log) => Math.min(log, needed + 3))
  if (!alarmed) return capped.some((log) => log > 0) ? { logs: capped, since, seen: minute } : undefined
  return { logs: capped, since, seen: minute, hot: excess ? minute : (track?.hot ?? minute) }
}
