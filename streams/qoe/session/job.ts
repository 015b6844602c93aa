import type { Clock } from '../../../platform/clock.ts'
import type { Store } from '../../../platform/clickhouse/index.ts'
import { rangesOf } from '../../../platform/clickhouse/ranges.ts'
import { inSlices } from '../../../platform/clickhouse/slices.ts'
import { throttled } from '../../../platform/clickhouse/throttled.ts'
import { startJobs, type Job } from '../../../platform/jobs/index.ts'
import type { Logger } from '../../../platform/logger.ts'
import { openMetrics } from '../../../platform/metrics.ts'
import type { RunningRole } from '../../../platform/role.ts'
import { service } from '../../../platform/services.ts'
import { segmentFill, SEGMENTS } from './ddl.ts'
import {
  cursorsQuery,
  mixedQueries,
  partOf,
  plainCount,
  reduceQuery,
  saveQuery,
  stepOf,
  segmentsQuery,
  timelineFill,
  timelinesQuery,
  touchedBy,
  touchedIn,
  touchQuery,
  type Cursor,
  type Range,
} from './job-queries.ts'

/**
 * Keeps `qoe_segment_v1`, `qoe_timeline_v1` and `qoe_session_v1` up to date: merges the records in a range of offsets
 * into their segments and timelines, then reduces every affected session again as a whole. After a kill at any point it
 * repeats the work and writes the same rows; several jobs at once write equal rows.
 */

/** A partition of playback.telemetry and the offset up to which every record has landed. */
export type LandedEnd = Pick<Cursor, 'partition' | 'offset'>
/** The sink's committed offsets. Rows alone are not enough: one batch lands in several inserts, some of them later. */
export type LandedEnds = () => Promise<readonly LandedEnd[]>

export interface SessionStep {
  /** Offsets processed; 0 = nothing to do. */
  readonly places: number
  /** True if some were left for the next step. */
  readonly more: boolean
}

/** Offsets in one step: limits the time between two saves of the progress. */
const STEP_PLACES = 1_000_000
/** Average number of offsets whose segments one statement makes. */
const SLICE_PLACES = 250_000
/** Sessions that one statement reduces: limits its memory, and how long it delays others. */
const SLICE_SESSIONS = 10_000

/**
 * Runs one step: processes at most `most` records, then saves the progress. The very first step begins with all
 * existing segments, since their records may have expired.
 */
export async function reduceStep(store: Store, ends: LandedEnds, most = STEP_PLACES): Promise<SessionStep> {
  const landed = await ends()
  const cursors = await store.rows<Cursor>(cursorsQuery)
  const all = newPlaces(cursors, landed)
  if (all.length === 0) return { places: 0, more: false }
  const ranges = shared(all, most)
  if (cursors.length === 0) await reduceInRanges(store, SEGMENTS, (part) => part)
  await inSlices(count(ranges), SLICE_PLACES, (slice) => store.exec(segmentsQuery(ranges, slice)))
  await store.exec(timelinesQuery(ranges))
  await reduceTouched(store, ranges)
  await store.exec(saveQuery(ranges))
  return { places: count(ranges), more: count(ranges) < count(all) }
}

async function reduceTouched(store: Store, ranges: readonly Range[]): Promise<void> {
  const step = stepOf(ranges)
  await store.exec(touchQuery(ranges))
  await reduceInRanges(store, touchedBy(step), (part) => touchedIn(step, part))
}

/**
 * Runs in ranges of about this many sessions, which read only their own part of the segments; in slices of a range if
 * sessions with many segments cost more than their number suggests. `sessions` is what stands after FROM.
 */
async function reduceInRanges(store: Store, sessions: string, condition: (part: string) => string): Promise<void> {
  for (const range of await rangesOf(store, sessions, 'session_id', SLICE_SESSIONS))
    await inSlices(SLICE_SESSIONS, SLICE_SESSIONS, (slice) => reduce(store, condition(partOf(range, slice))))
}

async function reduce(store: Store, condition: string): Promise<void> {
  const [plain] = await store.rows<{ rows: number }>(plainCount(condition))
  for (const query of (plain?.rows ?? 0) > 0 ? mixedQueries(condition) : [reduceQuery(condition)])
    await store.exec(query)
}

/** Offsets that have landed and are not processed. Pure. */
export function newPlaces(cursors: readonly Cursor[], landed: readonly LandedEnd[]): Range[] {
  return landed
    .map(({ partition, offset }) => {
      const cursor = cursors.find((each) => each.partition === partition)
      return { partition, from: cursor?.offset ?? 0, to: offset, received: cursor?.received ?? 0 }
    })
    .filter(({ from, to }) => to > from)
}

export const count = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0)

/** At most `most` offsets, an equal share from each partition. */
function shared(ranges: readonly Range[], most: number): Range[] {
  const share = Math.ceil(most / ranges.length)
  return ranges.map((range) => ({ ...range, to: Math.min(range.to, range.from + share) }))
}

/**
 * Reduces until everything that had landed at the time of the call is processed; resolves with the number of offsets.
 */
export async function settleSessions(store: Store, ends: LandedEnds): Promise<number> {
  const landed = await ends()
  for (let places = 0; ;) {
    const step = await reduceStep(store, () => Promise.resolve(landed))
    if (step.places === 0) return places
    places += step.places
  }
}

/**
 * Makes all segments, timelines and sessions again from the landing table: for rows that came back at places which the progress
 * has passed.
 */
export async function rebuildSessions(store: Store): Promise<void> {
  await store.exec(segmentFill)
  await store.exec(timelineFill)
  await reduceInRanges(store, SEGMENTS, (part) => part)
}

/** Provided by processes that can read the sink's commits. */
export const LANDED_ENDS = service<LandedEnds>('qoe.landed-ends')

/**
 * The job uses a tenth of a core: the longer a step takes, the longer the pause, and the more records of one session
 * the next step combines. If it is behind, it uses half a core.
 */
const SHARE = 0.1
const SHARE_BEHIND = 0.5
const IDLE_MS = 5_000
/**
 * Telemetry lands many times a second, and a session is reduced as a whole: new records are collected for this long.
 */
const GATHER_MS = 2_000

export interface SessionsJobOptions {
  readonly store: Store
  readonly ends: LandedEnds
}

/** Keeps segments and sessions up to date; wakes jobs that wait for `recomputed:qoe_session`. */
export function sessionsJob({ store, ends }: SessionsJobOptions): Job {
  let behind = false
  return {
    name: 'qoe.sessions',
    idleMs: IDLE_MS,
    gatherMs: GATHER_MS,
    share: () => (behind ? SHARE_BEHIND : SHARE),
    wakesOn: ['landed:playback.telemetry'],
    async step(_signal, context) {
      const { places, more } = await reduceStep(throttled(store, context), ends)
      behind = more
      if (places > 0) context.wake('recomputed:qoe_session')
      return { work: places, more }
    },
  }
}

export interface SessionsOptions extends SessionsJobOptions {
  readonly clock: Clock
  readonly logger: Logger
}

/** Runs sessions alone, without the jobs of other modules. */
export const startSessions = ({ clock, logger, ...options }: SessionsOptions): RunningRole =>
  startJobs({ jobs: [sessionsJob(options)], clock, logger, metrics: openMetrics() })
