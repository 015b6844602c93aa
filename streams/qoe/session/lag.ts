import type { Clock } from '../../../platform/clock.ts'
import type { Store } from '../../../platform/clickhouse/index.ts'
import { startJobs, type Job } from '../../../platform/jobs/index.ts'
import { silentLogger } from '../../../platform/logger.ts'
import type { Metrics } from '../../../platform/metrics.ts'
import type { RunningRole } from '../../../platform/role.ts'
import { service } from '../../../platform/services.ts'
import { cursorsQuery, newestQuery, type Cursor } from './job-queries.ts'
import { count, newPlaces, type LandedEnd, type LandedEnds } from './job.ts'

/** How far stored sessions are behind the landed rows, which the live view shows immediately. */
export interface SessionsLag {
  /** Offsets that are committed but not yet in sessions. */
  readonly places: number
  /** Time from the receipt of the newest row in sessions to that of the newest row, s; null before the first. */
  readonly seconds: number | null
}

export interface Stand {
  readonly landed: readonly LandedEnd[]
  readonly cursors: readonly Cursor[]
  /** Receipt of the newest row that landed, ms; 0 = none. */
  readonly newest: number
  /** Upper limit of the lag, ms: after a silence the time between two rows says nothing about it. */
  readonly most: number
}

/** Pure. */
export function lagOf({ landed, cursors, newest, most }: Stand): SessionsLag {
  const places = count(newPlaces(cursors, landed))
  if (places === 0) return { places, seconds: 0 }
  const made = Math.max(0, ...cursors.map(({ received }) => received))
  return { places, seconds: made === 0 ? null : Math.min(most, Math.max(0, newest - made)) / 1_000 }
}

export interface SessionsLagOptions {
  readonly store: Store
  readonly clock: Clock
  readonly metrics: Metrics
  readonly ends: LandedEnds
  /** Interval between two checks, ms. */
  readonly everyMs?: number
}

/** As of the latest check; undefined if the store or the brokers did not answer. */
export type ReadSessionsLag = () => SessionsLag | undefined

/** Provided by the process that runs the sessions job. */
export const SESSIONS_LAG = service<ReadSessionsLag>('qoe.sessions-lag')

/** Checks in a job of its own, because a step of the sessions job takes too long under load and may hang. */
export function sessionsLagJob({ store, clock, metrics, ends, everyMs = 5_000 }: SessionsLagOptions): {
  readonly job: Job
  readonly lag: ReadSessionsLag
} {
  const seconds = metrics.gauge(
    'playloop_sessions_lag_seconds',
    'Receipt of the newest row made into sessions to that of the newest row landed; NaN = unknown',
  )
  const places = metrics.gauge(
    'playloop_sessions_lag_places',
    'Places of the log that are committed and not made into sessions; NaN = unknown',
  )
  let latest: SessionsLag | undefined
  /** When sessions last had everything that had landed. */
  let level = -Infinity
  const publish = (lag: SessionsLag | undefined): void => {
    latest = lag
    seconds.set(lag?.seconds ?? NaN)
    places.set(lag?.places ?? NaN)
  }
  const look = async (): Promise<void> => {
    const begun = clock.now()
    // The ends are read first: sessions made meanwhile cannot be behind them.
    const landed = await ends()
    const [cursors, [row]] = await Promise.all([
      store.rows<Cursor>(cursorsQuery),
      store.rows<{ newest: number }>(newestQuery),
    ])
    const lag = lagOf({ landed, cursors, newest: row?.newest ?? 0, most: clock.now() - level })
    if (lag.places === 0) level = begun
    publish(lag)
  }
  publish(undefined)
  const job: Job = {
    name: 'qoe.sessions-lag',
    idleMs: everyMs,
    async step() {
      // The sessions job meets the same failure and logs it.
      await look().catch(() => publish(undefined))
      return 0
    },
  }
  return { job, lag: () => latest }
}

export type RunningSessionsLag = RunningRole & { readonly lag: ReadSessionsLag }

/** Runs the lag check alone, without the jobs of other modules. */
export function watchSessionsLag(options: SessionsLagOptions): RunningSessionsLag {
  const { clock, metrics } = options
  const { job, lag } = sessionsLagJob(options)
  return { ...startJobs({ jobs: [job], clock, metrics, logger: silentLogger }), lag }
}
