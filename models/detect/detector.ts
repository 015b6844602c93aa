/**
 * The detector: a reducer over minutes. Its state is plain JSON. It takes the newest minutes as a whole each time they
 * change, and returns the groups that show an excess now. A minute is judged only by the history before it.
 */
import { fit, learn, NO_MODEL, ratesOf, VERSION_AT, type GroupSums, type Leaves, type Model } from './baseline.ts'
import { causeOf, valuesOfKey, type Cause } from './cells.ts'
import { spread, START_DISPERSION } from './dispersion.ts'
import { logOf } from './evidence.ts'
import { addTo, emptyTally, METRICS, type Tally } from './metrics.ts'
import { leavesOf, MINUTE_MS, type MinuteOfCells, type OpenMinute } from './minutes.ts'
import type { Options } from './options.ts'
import { updateSeason, type Season } from './season.ts'
import { calmed, groupsIn, judged, type Track } from './tracks.ts'

export type { MinuteOfCells } from './minutes.ts'

export interface DetectorState {
  readonly open: readonly OpenMinute[]
  /** The last settled minute: gives the size of a group that an outage empties. */
  readonly last: OpenMinute | null
  /** Newest minute that is closed for good; null stands for -Infinity. */
  readonly settled: number | null
  /** Number of minutes learned so far. */
  readonly learned: number
  readonly history: Leaves
  /** The latest versions, with the number of minutes learned before each was first seen. */
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
  /** Log of the evidence, and the threshold when it first became an alarm. */
  readonly evidence: number
  /** Minute of the first excess. */
  readonly since: number
  /** The newest minute with an excess. */
  readonly minute: number
}

export interface DetectorInput {
  readonly minutes: readonly MinuteOfCells[]
  /** The watermark, ms: minutes that begin after it are not used yet. */
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

const YOUNG = 5
/** Minutes during which a release is compared with the versions before it. */
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
  const season = updateSeason(state.season, minute, groups, { most: options.mostSeasons, skip: held })
  // The first model is fitted after the first minute; its expectations are useful only a little later.
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

const previousOf = (state: DetectorState, index: number): ReadonlyMap<string, GroupSums> | undefined => {
  const before = index === 0 ? state.last : state.open[index - 1]
  return before === null || before === undefined ? undefined : groupsIn(before.leaves, state.model)
}

/** Groups with an alarm and an excess in one of the two newest minutes. */
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

/** Expected events of every leaf of the open minutes from `since` on, for the cause search. */
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
