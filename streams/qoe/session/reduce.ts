import {
  COUNTERS,
  BITRATE_SPACE,
  GREATEST,
  INSTANCE_DIMENSIONS,
  NONE,
  STARTUPS,
  STATES,
  STATE_SPACE,
  type Counter,
} from './columns.ts'
import { withTimeline } from '../plain/segment.ts'
import { mergeMaps, type SegmentState } from './record.ts'
import { HARD_CLOSE_MS, IDLE_MS, SETTLED_MS, STALL_CAP_MS, START_TIMEOUT_MS, STATUSES, type Status } from './rules.ts'

/** One segment's part of a session. */
export interface Part {
  readonly segment: number
  readonly oca: string
  readonly pathway: string
  readonly asn: number
  readonly app_version: string
  readonly counters: Readonly<Record<Counter, number>>
  /** Wall time that no record accounts for, ms: what lost telemetry may hide. */
  readonly hidden_ms: number
  /** The first segment, the one that showed the first frame, the last one. */
  readonly is_first: boolean
  readonly is_frame: boolean
  readonly is_last: boolean
}

type Numbers = Readonly<Record<Counter | (typeof STARTUPS)[number] | (typeof GREATEST)[number] | Fact, number>>

/** All other facts of a session; 0 and 1 mean no and yes, -1 means unknown. Times in ms; `startup_ms`: `firstFrameBy`. */
export const FACTS = [
  'session_start',
  'last_time',
  'segments',
  'exact',
  'stall_ms',
  'stall_count',
  'watched_ms',
  'wall_ms',
  'stall_capped_ms',
  'startup_content_ms',
  'play',
  'fatal',
  'ended',
  'closed',
  'status',
  'tail_ms',
  'hidden_ms',
  'records',
  'expected',
  'clamped',
  'vsf_technical',
  'vsf_business',
  'vsf_timeout',
  'ebvs',
  'vpf_technical',
  'vpf_business',
  'finished',
  'quit',
  'exit_in_stall',
  'unique_ms',
  'first_kbps',
  'live_latency_least',
] as const
export type Fact = (typeof FACTS)[number]

export interface Session {
  readonly clock: string
  readonly session_id: string
  readonly instance: number
  readonly dimensions: Readonly<Record<(typeof INSTANCE_DIMENSIONS)[number], string>>
  readonly numbers: Numbers
  readonly status: Status
  /** The latest reported; '' = unreported. */
  readonly end_reason: string
  /** Union of the ranges of media watched, ms, in order. */
  readonly watched: readonly (readonly [number, number])[]
  /** 'kind:code' to the first and the latest time, ms. */
  readonly errors: ReadonlyMap<string, readonly [number, number]>
  readonly parts: readonly Part[]
}

/**
 * Reduces segment states to a session as of `now`, the watermark of its own clock (ms). A function of the set: any
 * order, copies and splits of the records give the same session. null if there are no states. queries.ts does the same
 * in SQL.
 */
export function reduceSession(states: readonly SegmentState[], now: number): Session | null {
  const sorted = states.map(withTimeline).sort((a, b) => a.segment - b.segment)
  const [first] = sorted
  if (first === undefined) return null
  const numbers = numbersOf(sorted, now)
  const watched = union(sorted.map((state) => state.watched).reduce((a, b) => mergeMaps(a, b, Math.max)))
  const last = sorted.map(({ errors }) => errors).reduce((a, b) => mergeMaps(a, b, Math.max))
  const firstTimes = sorted.map(({ errorsFirst }) => errorsFirst).reduce((a, b) => mergeMaps(a, b, Math.min))
  const all = { ...numbers, unique_ms: watched.reduce((sum, [from, to]) => sum + to - from, 0) }
  return {
    clock: first.clock,
    session_id: first.session_id,
    instance: first.instance,
    dimensions: Object.fromEntries(
      INSTANCE_DIMENSIONS.map((name) => [
        name,
        sorted.map(({ dimensions }) => String(dimensions[name])).reduce((a, b) => (a >= b ? a : b)),
      ]),
    ) as Session['dimensions'],
    numbers: all,
    status: STATUSES[all.status]!,
    watched,
    parts: partsOf(sorted, all),
    end_reason: latest(sorted.map(({ endReasons }) => endReasons).reduce((a, b) => mergeMaps(a, b, Math.max))),
    errors: new Map(
      [...last].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, time]) => [key, [firstTimes.get(key)!, time]]),
    ),
  }
}

const bit = (condition: boolean): number => (condition ? 1 : 0)
const total = (of: readonly number[]): number => of.reduce((sum, each) => sum + each, 0)

function numbersOf(sorted: readonly SegmentState[], now: number): Numbers {
  const most = (name: keyof SegmentState['most']): number => Math.max(...sorted.map((state) => state.most[name]))
  const least = (of: (state: SegmentState) => number): number => Math.min(...sorted.map(of))
  const counters = Object.fromEntries(
    COUNTERS.map((name) => [name, total(sorted.map((state) => state.most[name]))]),
  ) as Record<Counter, number>
  const [startups, greatest] = [STARTUPS, GREATEST].map((names) =>
    Object.fromEntries(names.map((name) => [name, most(name)])),
  ) as [Record<(typeof STARTUPS)[number], number>, Record<(typeof GREATEST)[number], number>]
  const [lastTime, ended, firstBitrate, latency] = [
    most('last_time'),
    most('ended'),
    least((state) => state.least.first_bitrate),
    least((state) => state.least.live_latency_least_ms),
  ]
  const times = timesOf(sorted)
  const isPlain = sorted.some(({ dimensions }) => dimensions.source === 'cmcd')
  const start = isPlain ? least((state) => state.most.session_start) : most('session_start')
  const startup = isPlain && startups.startup_ms < 0 ? least((state) => state.most.startup_ms) : startups.startup_ms
  const stalls = counters.stall_connection_count + counters.stall_decoder_count + counters.stall_ad_count
  const tail = ended === 1 ? 0 : Math.min(Math.max(now - lastTime, 0), IDLE_MS)
  const closed = ended === 1 || now - lastTime >= IDLE_MS
  const parts = ['startup_player_ms', 'startup_drm_ms', 'startup_ad_ms'] as const
  return {
    ...counters,
    ...startups,
    ...greatest,
    ...times,
    startup_ms: startup,
    session_start: start,
    last_time: lastTime,
    segments: sorted.length,
    exact: bit(!isPlain),
    stall_count: stalls,
    stall_capped_ms: Math.min(times.stall_ms, Math.max(stalls, 1) * STALL_CAP_MS),
    startup_content_ms:
      startup < 0 ? -1 : Math.max(0, startup - total(parts.map((name) => Math.max(0, startups[name])))),
    ended,
    closed: bit(closed),
    status: statusOf(closed, ended, now - lastTime),
    tail_ms: tail,
    hidden_ms: total(hiddenOf(sorted, start)) + tail,
    records: total(sorted.map(({ seqs }) => seqs.size)),
    expected: most('last_seq') + 1,
    clamped: most('clamped'),
    ...outcomeOf({
      counters,
      startup,
      closed,
      timeout: most('start_timeout') === 1,
      business: most('failed_business') === 1,
      finished: most('finished') === 1,
      state: most('last_state'),
    }),
    unique_ms: 0,
    first_kbps: firstBitrate === NONE ? -1 : firstBitrate % BITRATE_SPACE,
    live_latency_least: latency === NONE ? -1 : latency,
  }
}

/** An explicit end closes a session immediately; a silent session may resume for an hour. */
function statusOf(closed: boolean, ended: number, silent: number): number {
  if (!closed) return 0
  if (silent >= SETTLED_MS) return 3
  return ended === 1 || silent >= HARD_CLOSE_MS ? 2 : 1
}

function wallOf({ most: m }: SegmentState): { stall: number; watched: number; wall: number } {
  const stall = m.stall_connection_ms + m.stall_decoder_ms + m.stall_ad_ms
  const watched = m.starting_ms + m.playing_ms + stall + m.seeking_ms
  return { stall, watched, wall: watched + m.paused_ms + m.waiting_ms }
}

function timesOf(sorted: readonly SegmentState[]): { stall_ms: number; watched_ms: number; wall_ms: number } {
  const walls = sorted.map(wallOf)
  return {
    stall_ms: total(walls.map(({ stall }) => stall)),
    watched_ms: total(walls.map(({ watched }) => watched)),
    wall_ms: total(walls.map(({ wall }) => wall)),
  }
}

/**
 * Per segment: time from its start (for the first segment: the request) to the next one's start that its last record
 * does not account for.
 */
function hiddenOf(sorted: readonly SegmentState[], start: number): number[] {
  return sorted.map((state, i) => {
    const from = i === 0 ? Math.min(start, state.most.segment_start) : state.most.segment_start
    const to = sorted[i + 1]?.most.segment_start ?? state.most.last_time
    return Math.max(0, to - from - wallOf(state).wall)
  })
}

interface Told {
  readonly counters: Readonly<Record<Counter, number>>
  readonly startup: number
  readonly closed: boolean
  readonly timeout: boolean
  readonly business: boolean
  readonly finished: boolean
  readonly state: number
}

/** Attempts end in exactly one way: before the first frame in EBVS or VSF, after it in VPF, finish or quit. */
function outcomeOf({ counters, startup, closed, timeout, business, finished, state }: Told) {
  const [play, fatal] = [startup !== -1, counters.errors_fatal > 0]
  // Time in advertisements is not waiting time and does not count towards the timeout.
  const late = timeout || (!fatal && counters.starting_ms - counters.ad_playing_ms >= START_TIMEOUT_MS)
  const vsf = !play && (fatal || late)
  const stalled = state >= 0 && STATES[(state % STATE_SPACE) - 1] === 'r'
  return {
    play: bit(play),
    fatal: bit(fatal),
    vsf_business: bit(vsf && business),
    vsf_technical: bit(vsf && !business),
    vsf_timeout: bit(!play && late),
    ebvs: bit(closed && !play && !vsf),
    vpf_business: bit(play && fatal && business),
    vpf_technical: bit(play && fatal && !business),
    finished: bit(play && !fatal && finished),
    quit: bit(closed && play && !fatal && !finished),
    exit_in_stall: bit(closed && play && !fatal && !finished && stalled),
  }
}

/** Request to first frame at the latest, ms: below -1 a start-up is unknown, and no longer than this. */
export const firstFrameBy = (startup: number): number => (startup < -1 ? -2 - startup : startup)

/** The part that showed the first frame: the last one that had started by then. */
function partsOf(
  sorted: readonly SegmentState[],
  { session_start: start, startup_ms: startup, tail_ms: tail }: Numbers,
): Part[] {
  const frame =
    startup === -1
      ? -1
      : Math.max(
          0,
          sorted.findLastIndex(({ most }) => most.segment_start <= start + firstFrameBy(startup)),
        )
  const hidden = hiddenOf(sorted, start)
  return sorted.map(({ segment, dimensions, most }, i) => ({
    segment,
    oca: String(dimensions.oca),
    pathway: String(dimensions.pathway),
    asn: Number(dimensions.asn),
    app_version: String(dimensions.app_version),
    counters: Object.fromEntries(COUNTERS.map((name) => [name, most[name]])) as Record<Counter, number>,
    hidden_ms: hidden[i]! + (i === sorted.length - 1 ? tail : 0),
    is_first: i === 0,
    is_frame: i === frame,
    is_last: i === sorted.length - 1,
  }))
}

/** Union of half-open intervals given as start to end. */
function union(intervals: ReadonlyMap<number, number>): [number, number][] {
  const merged: [number, number][] = []
  for (const [from, to] of [...intervals].toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** The latest reported reason; of several at the same time, the last by name. */
const latest = (reasons: ReadonlyMap<string, number>): string =>
  [...reasons].toSorted(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).at(-1)?.[0] ?? ''
