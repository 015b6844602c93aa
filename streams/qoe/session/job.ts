import type { Clock } from '../../../platform/clock.ts'
import type { Store } from '../../../platform/clickhouse/index.ts'
import { inSlices, type Slice } from '../../../platform/clickhouse/slices.ts'
import { throttled } from '../../../platform/clickhouse/throttled.ts'
import { startJobs, type Job } from '../../../platform/jobs/index.ts'
import type { Logger } from '../../../platform/logger.ts'
import { openMetrics } from '../../../platform/metrics.ts'
import type { RunningRole } from '../../../platform/role.ts'
import { service } from '../../../platform/services.ts'
import {
  cursorsQuery,
  inSlice,
  reduceQuery,
  saveQuery,
  segmentCount,
  stepOf,
  touchedCount,
  segmentsQuery,
  touchedIn,
  touchQuery,
  type Cursor,
  type Range,
} from './job-queries.ts'

/**
 * Keeps `qoe_segment_v1` and `qoe_session_v1`: adds the records between two places of the log to their segments, then
 * reduces every session they belong to again, whole. Killed at any point it does the same again, to the same rows;
 * several at once write equal rows.
 */

/** A partition of playback.telemetry and the offset up to which every record has landed. */
export type LandedEnd = Pick<Cursor, 'partition' | 'offset'>
/** What the sink has committed. Rows alone do not tell: one batch lands in several inserts, some of them later. */
export type LandedEnds = () => Promise<readonly LandedEnd[]>

export interface SessionStep {
  /** Places of the log dealt with; 0 = nothing to do. */
  readonly places: number
  /** Some were left for the next step. */
  readonly more: boolean
}

/** Places of the log in one step: bounds the time between two cursors. */
const STEP_PLACES = 1_000_000
/** Places whose segments one statement makes, on average. */
const SLICE_PLACES = 250_000
/** Sessions that one statement reduces: bounds its memory, and how long it is in the way of others. */
const SLICE_SESSIONS = 10_000

/**
 * One step: at most `most` records, then it notes how far it came. The very first step begins with all segments there
 * are, since their records may have expired.
 */
export async function reduceStep(store: Store, ends: LandedEnds, most = STEP_PLACES): Promise<SessionStep> {
  const landed = await ends()
  const cursors = await store.rows<Cursor>(cursorsQuery)
  const all = newPlaces(cursors, landed)
  if (all.length === 0) return { places: 0, more: false }
  const ranges = shared(all, most)
  if (cursors.length === 0) await reduceInSlices(store, segmentCount, inSlice)
  await inSlices(count(ranges), SLICE_PLACES, (slice) => store.exec(segmentsQuery(ranges, slice)))
  await reduceTouched(store, ranges)
  await store.exec(saveQuery(ranges))
  return { places: count(ranges), more: count(ranges) < count(all) }
}

async function reduceTouched(store: Store, ranges: readonly Range[]): Promise<void> {
  const step = stepOf(ranges)
  await store.exec(touchQuery(ranges))
  await reduceInSlices(store, touchedCount(step), (slice) => touchedIn(step, slice))
}

/** Slices of so many sessions; finer ones where sessions of many segments make them dearer than their number says. */
async function reduceInSlices(store: Store, sessions: string, condition: (slice: Slice) => string): Promise<void> {
  const [table] = await store.rows<{ rows: number }>(sessions)
  await inSlices(table?.rows ?? 0, SLICE_SESSIONS, (slice) => store.exec(reduceQuery(condition(slice))))
}

/** Places that have landed and are not dealt with. Pure. */
export function newPlaces(cursors: readonly Cursor[], landed: readonly LandedEnd[]): Range[] {
  return landed
    .map(({ partition, offset }) => {
      const cursor = cursors.find((each) => each.partition === partition)
      return { partition, from: cursor?.offset ?? 0, to: offset, received: cursor?.received ?? 0 }
    })
    .filter(({ from, to }) => to > from)
}

export const count = (ranges: readonly Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0)

/** At most `most` places, an equal share of each partition. */
function shared(ranges: readonly Range[], most: number): Range[] {
  const share = Math.ceil(most / ranges.length)
  return ranges.map((range) => ({ ...range, to: Math.min(range.to, range.from + share) }))
}

/** Reduces until nothing that had landed at the call is left over; resolves with the places dealt with. */
export async function settleSessions(store: Store, ends: LandedEnds): Promise<number> {
  const landed = await ends()
  for (let places = 0; ;) {
    const step = await reduceStep(store, () => Promise.resolve(landed))
    if (step.places === 0) return places
    places += step.places
  }
}

/** Provided where the commits of the sink can be read. */
export const LANDED_ENDS = service<LandedEnds>('qoe.landed-ends')

/**
 * A tenth of a core: the dearer a step, the longer it lasts, and the more records of one session meet in the next.
 * Behind, half of one.
 */
const SHARE = 0.1
const SHARE_BEHIND = 0.5
const IDLE_MS = 5_000
/** Telemetry lands many times a second, and a session is reduced whole: news is gathered for so long. */
const GATHER_MS = 2_000

export interface SessionsJobOptions {
  readonly store: Store
  readonly ends: LandedEnds
}

/** Keeps segments and sessions made; wakes who waits for `recomputed:qoe_session`. */
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

/** Sessions by themselves, without the jobs of other modules. */
export const startSessions = ({ clock, logger, ...options }: SessionsOptions): RunningRole =>
  startJobs({ jobs: [sessionsJob(options)], clock, logger, metrics: openMetrics() })
