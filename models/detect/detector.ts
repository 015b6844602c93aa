/**
 * The detector: a reducer over minutes. Its state is plain JSON; it takes the newest minutes as they stand, whole, as
 * often as
 * they change, and answers which groups show an excess now. A minute is judged by history before it alone.
 */
import {
  fit,
  groupSums,
  largest,
  learn,
  NO_MODEL,
  ratesOf,
  UNSEEN,
  VERSION_AT,
  type GroupSums,
  type Leaves,
  type Model,
} from './baseline.ts'
import { causeOf, DIMENSIONS, leafKey, orderOf, valuesOf, valuesOfKey, type Cause, type MinuteCell } from './cells.ts'
import { spread, START_DISPERSION } from './dispersion.ts'
import { grow, isExcess, logOf, NONE, threshold, type Evidence } from './evidence.ts'
import { addTo, emptyTally, METRICS, samplesAt, tallyOf, type Tally } from './metrics.ts'
import type { Options } from './options.ts'
import { liftOf, liftsOf, remember, type Season } from './season.ts'

export const MINUTE_MS = 60_000

/** All cells of one minute as they stand now; a later one replaces it. */
export interface MinuteOfCells {
  /** Start, ms of the clock. */
  readonly minute: number
  readonly cells: readonly MinuteCell[]
}

export interface OpenMinute {
  readonly minute: number
  readonly leaves: Leaves
}

/** Evidence of a group in a metric, as of the last settled minute. */
interface Track {
  readonly logs: Evidence
  /** The minute in which it last began anew: when the change began, if there is one. */
  readonly since: number
  /** Latest minute in which the group was large enough to be judged. */
  readonly seen: number
  /** Set while it is alarmed: the last minute with an excess. */
  readonly hot?: number
}

export interface DetectorState {
  readonly open: readonly OpenMinute[]
  /** The last settled minute: the size of a group that an outage empties. */
  readonly last: OpenMinute | null
  /** Newest minute that is closed for good; -Infinity is told as null. */
  readonly settled: number | null
  /** Minutes learned from so far. */
  readonly learned: number
  readonly history: Leaves
  /** The latest versions, by how much was learned before each was first seen. */
  readonly versions: Readonly<Record<string, number>>
  readonly model: Model
  readonly dispersion: readonly number[]
  readonly season: Season
  readonly tracks: Readonly<Record<string, Track>>
}

export const emptyDetector = (): DetectorState => ({
  open: [],
  last: null,
  settled: null,
  learned: 0,
  history: {},
  versions: {},
  model: NO_MODEL,
  dispersion: START_DISPERSION,
  season: {},
  tracks: {},
})

/** A group with an excess in the newest minutes, and enough evidence for it. */
export interface Signal {
  readonly group: string
  readonly metric: number
  /** Log of the evidence, and what it had to reach when it was first an alarm. */
  readonly evidence: number
  /** Minute of the first excess. */
  readonly since: number
  /** Its newest minute with an excess. */
  readonly minute: number
}

export interface DetectorInput {
  readonly minutes: readonly MinuteOfCells[]
  /** The watermark, ms: minutes that begin after it are nobody's yet. */
  readonly at: number
  /** Sets of cells that are not learned from: those of open incidents. */
  readonly quarantine: readonly Cause[]
}

export function detect(
  state: DetectorState,
  { minutes, at, quarantine }: DetectorInput,
  options: Options,
): { state: DetectorState; signals: Signal[] } {
  let next: DetectorState = { ...state, open: merged(state, minutes, at, options) }
  const newest = next.open.at(-1)?.minute ?? 0
  while (next.open.length > 0 && next.open[0]!.minute <= newest - options.openMinutes * MINUTE_MS)
    next = settle(next, quarantine, options)
  return { state: next, signals: signalsOf(next, options) }
}

/** Minutes that are still open, oldest first. */
function merged(
  { open, settled }: DetectorState,
  minutes: readonly MinuteOfCells[],
  at: number,
  { mostLeaves }: Options,
): readonly OpenMinute[] {
  const byMinute = new Map(open.map((each) => [each.minute, each]))
  for (const { minute, cells } of minutes) {
    if (minute > at || minute <= (settled ?? -Infinity)) continue
    byMinute.set(minute, { minute, leaves: leavesOf(cells, mostLeaves) })
  }
  return [...byMinute.values()].sort((a, b) => a.minute - b.minute)
}

/** What is too small to be told apart is summed under this name. */
const OTHERS = DIMENSIONS.map(() => '(others)')

export function leavesOf(cells: readonly MinuteCell[], most: number): Leaves {
  const leaves = new Map<string, Tally>()
  for (const cell of cells) {
    const key = leafKey(valuesOf(cell))
    const known = leaves.get(key)
    if (known === undefined) leaves.set(key, tallyOf(cell))
    else addTo(known, tallyOf(cell))
  }
  if (leaves.size <= most) return Object.fromEntries(leaves)
  const kept = largest(leaves, most - 1)
  const names = new Set(kept.map(([key]) => key))
  const others = emptyTally()
  for (const [key, tally] of leaves) if (!names.has(key)) addTo(others, tally)
  return Object.fromEntries([...kept, [leafKey(OTHERS), others]])
}

// --- a minute that closes ---

const YOUNG = 5
/** Minutes for which a release is judged by what the versions before it do. */
const PROBATION = 1_440
const VERSIONS_KEPT = 200

function withVersions({ versions, learned }: DetectorState, leaves: Leaves): Readonly<Record<string, number>> {
  const seen = new Set(Object.keys(leaves).map((key) => `app_version=${valuesOfKey(key)[VERSION_AT]}`))
  const fresh = [...seen].filter((name) => versions[name] === undefined)
  if (fresh.length === 0) return versions
  return Object.fromEntries(
    [...Object.entries(versions), ...fresh.map((name) => [name, learned] as const)].slice(-VERSIONS_KEPT),
  )
}

function settle(state: DetectorState, quarantine: readonly Cause[], options: Options): DetectorState {
  const [{ minute, leaves }, ...open] = state.open as [OpenMinute, ...OpenMinute[]]
  const groups = groupsIn(leaves, state.model)
  const tracks = judged(state, state.tracks, minute, groups, previousOf(state, 0), options)
  const held = (group: string): boolean =>
    group === ''
      ? quarantine.length > 0
      : quarantine.some((cause) =>
          Object.entries(causeOf(group)).some(([name, value]) => cause[name as keyof Cause] === value),
        )
  const history = learn(state.history, leaves, { halfLife: options.halfLife, most: 2 * options.mostLeaves, quarantine })
  const season = remember(state.season, minute, groups, { most: options.mostSeasons, skip: held })
  // The first model is fitted after the first minute; what it expects is of use a little later.
  const dispersion =
    state.learned < YOUNG ? state.dispersion : spread(state.dispersion, state.learned - YOUNG, groups, held)
  const versions = withVersions(state, leaves)
  const newcomers = new Set(
    Object.entries(versions)
      .filter(([, first]) => first >= options.warmUp && state.learned - first < PROBATION)
      .map(([name]) => name),
  )
  return {
    ...state,
    open,
    versions,
    last: { minute, leaves },
    settled: minute,
    learned: state.learned + 1,
    history,
    season,
    dispersion,
    model: fit(history, dispersion, newcomers),
    tracks: calmed(tracks, minute, options),
  }
}

const groupsIn = (leaves: Leaves, model: Model): ReadonlyMap<string, GroupSums> => {
  const known = cache.get(leaves)
  if (known?.model === model) return known.groups
  const groups = groupSums(Object.entries(leaves), model)
  cache.set(leaves, { model, groups })
  return groups
}
/** Sums of a minute are a function of it: kept for as long as the minute is. */
const cache = new WeakMap<Leaves, { readonly model: Model; readonly groups: ReadonlyMap<string, GroupSums> }>()

/** A group that is not seen for so long is gone: names come and go, and evidence must not pile up with them. */
const GONE_MS = 30 * MINUTE_MS

/** Alarms that were without excess for long enough are over, and their evidence with them. */
function calmed(
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

// --- evidence ---

const trackName = (group: string, metric: number): string => `${metric}/${group}`

/** Takes one minute into the evidence of every group that is large enough to be judged. */
function judged(
  state: DetectorState,
  tracks: Readonly<Record<string, Track>>,
  minute: number,
  groups: ReadonlyMap<string, GroupSums>,
  before: ReadonlyMap<string, GroupSums> | undefined,
  options: Options,
): Record<string, Track> {
  const next: Record<string, Track> = { ...tracks }
  if (state.learned < options.warmUp) return next
  const lifts = liftsAt(state, minute, groups)
  for (const [group, sums] of watched(groups, options)) {
    const lift = liftsOf(group, lifts)
    for (let m = 0; m < METRICS.length; m++) {
      const at = samplesAt(METRICS[m]!)
      // A minute that has just begun has the size of the one before; one that an outage emptied too.
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

/** At most as many groups of an order as the false alarms are shared among: the largest. */
function* watched(
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
  { season, history, model }: DetectorState,
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

/** The most events that are nobody's incident. */
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
  /** Lumps of events, so many plays, that an alarm begins with. */
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
  // Evidence beyond the alarm is of no use: it would only take longer to go.
  const capped = logs.map((log) => Math.min(log, needed + 3))
  if (!alarmed) return capped.some((log) => log > 0) ? { logs: capped, since, seen: minute } : undefined
  return { logs: capped, since, seen: minute, hot: excess ? minute : (track?.hot ?? minute) }
}

const previousOf = (state: DetectorState, index: number): ReadonlyMap<string, GroupSums> | undefined => {
  const before = index === 0 ? state.last : state.open[index - 1]
  return before === null || before === undefined ? undefined : groupsIn(before.leaves, state.model)
}

/** Groups with an excess in one of the two newest minutes and an alarm. */
function signalsOf(state: DetectorState, options: Options): Signal[] {
  let tracks = state.tracks
  state.open.forEach(({ minute, leaves }, index) => {
    tracks = judged(state, tracks, minute, groupsIn(leaves, state.model), previousOf(state, index), options)
  })
  const newest = state.open.at(-1)?.minute ?? 0
  return Object.entries(tracks)
    .filter(([, { hot }]) => hot !== undefined && hot >= newest - MINUTE_MS)
    .map(([name, { logs, since, hot }]) => ({
      metric: Number(name.slice(0, name.indexOf('/'))),
      group: name.slice(name.indexOf('/') + 1),
      evidence: logOf(logs),
      since,
      minute: hot!,
    }))
}

/** Usual events of every leaf of the open minutes from `since` on, for the search of a cause. */
export function excessRows(state: DetectorState, since: number): Map<string, { tally: Tally; expected: number[] }> {
  const rows = new Map<string, { tally: Tally; expected: number[] }>()
  for (const { minute, leaves } of state.open) {
    if (minute < since) continue
    for (const [key, tally] of Object.entries(leaves)) {
      const rates = ratesOf(state.model, valuesOfKey(key))
      let row = rows.get(key)
      if (row === undefined) rows.set(key, (row = { tally: emptyTally(), expected: METRICS.map(() => 0) }))
      addTo(row.tally, tally)
      for (let m = 0; m < rates.length; m++) row.expected[m]! += tally[2 * m + 1]! * rates[m]!
    }
  }
  return rows
}
