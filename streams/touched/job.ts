import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { startJobs, type Job } from '../../platform/jobs/index.ts'
import type { Logger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { PartContext } from '../../platform/module.ts'
import type { RunningRole } from '../../platform/role.ts'
import { service } from '../../platform/services.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { newBlocks, readCursor, saveCursor } from './cursor.ts'
import { eventsTable, workOf, type TouchedDomain } from './domain.ts'
import { idReuse, MAX_REUSES, type IdReuse } from './queries.ts'
import { recomputeStep, settle, type Memory, type StepResult } from './step.ts'

/**
 * Receives events that reuse the id of another event, by place in the log; called again until it resolves. The sink
 * creates dead letters for them.
 */
export type ReportIdReuse = (topic: TopicName, reuses: readonly IdReuse[]) => Promise<void>

/** Provided by the sink. */
export const REPORT_ID_REUSE = service<ReportIdReuse>('touched.report-id-reuse')

/** A recomputation may use a fifth of a core: the longer it takes, the longer the pause after it. */
const SHARE = 0.2
const IDLE_MS = 2_000
/** The check compares ids with all existing ids and so reads a whole column: too expensive for every batch. */
const ID_CHECK_MS = 60_000

export interface TouchedJobOptions {
  readonly store: Store
  readonly clock: Clock
  /** Longest wait between two checks of a domain that has caught up, ms. */
  readonly idleMs?: number | undefined
  /** Looked up when needed, because its provider may start later. */
  readonly onIdReuse?: () => ReportIdReuse | undefined
}

/**
 * Keeps a domain recomputed. `landed:TOPIC` wakes it; it wakes jobs that wait for `recomputed:DOMAIN`. Several
 * processes may run it at once: they write equal rows.
 */
export function touchedJob(options: TouchedJobOptions, domain: TouchedDomain): Job {
  const checkIds = idCheck(options, domain)
  const memory: Memory = {}
  return {
    name: `touched.${domain.name}`,
    idleMs: options.idleMs ?? IDLE_MS,
    share: SHARE,
    wakesOn: [`landed:${domain.topic}`],
    async step(_signal, { wake }) {
      const step = await recomputeStep(options.store, domain, undefined, memory)
      if (step.marks > 0) wake(`recomputed:${domain.name}`)
      await checkIds(step)
      return step.marks
    },
  }
}

/** The jobs for a module's domains, for its manifest. */
export const touchedJobs = (
  { store, clock, services }: Pick<PartContext, 'store' | 'clock' | 'services'>,
  domains: readonly TouchedDomain[],
): Job[] =>
  domains.map((domain) => touchedJob({ store, clock, onIdReuse: () => services.find(REPORT_ID_REUSE) }, domain))

export interface TouchedOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly restMs?: number
  readonly onIdReuse?: ReportIdReuse
}

export interface RunningTouched extends RunningRole {
  /** Call when something has landed: a waiting job then runs immediately. */
  wake(topic: TopicName): void
  /** Resolves when every domain has processed all that had landed at the time of the call. */
  settled(): Promise<void>
}

/** Runs domains alone, without the jobs of other modules. */
export function startTouched(options: TouchedOptions, domains: readonly TouchedDomain[]): RunningTouched {
  const { store, clock, logger, restMs, onIdReuse } = options
  const jobs = domains.map((domain) => touchedJob({ store, clock, idleMs: restMs, onIdReuse: () => onIdReuse }, domain))
  const running = startJobs({ jobs, clock, logger, metrics: openMetrics() })
  return {
    done: running.done,
    stop: () => running.stop(),
    wake: (topic) => running.wake(`landed:${topic}`),
    async settled() {
      for (const domain of domains) await settle(store, domain)
    },
  }
}

/**
 * Reports reused ids among the rows that landed since the last check. Its progress is in the store, so none is missed
 * after a kill.
 */
function idCheck(
  { store, clock, onIdReuse }: TouchedJobOptions,
  domain: TouchedDomain,
): (step: StepResult) => Promise<void> {
  let due = clock.now()
  let unchecked = true
  return async ({ marks }) => {
    const report = onIdReuse?.()
    unchecked ||= marks > 0
    if (report === undefined || !unchecked || clock.now() < due) return
    const cursor = await readCursor(store, workOf(domain, 'ids'), eventsTable(domain))
    const last = (await newBlocks(store, eventsTable(domain), cursor)).at(-1)
    if (last === undefined) return void (unchecked = false)
    due = clock.now() + ID_CHECK_MS
    for (let past: IdReuse | undefined, more = true; more;) {
      const reuses = await store.rows<IdReuse>(idReuse(domain, { after: cursor.block, upTo: last.block }, past))
      if (reuses.length > 0) await report(domain.topic, reuses)
      past = reuses.at(-1)
      more = reuses.length === MAX_REUSES
    }
    await store.exec(saveCursor(cursor, last))
  }
}
