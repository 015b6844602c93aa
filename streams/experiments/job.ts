import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { inSlice, inSlices } from '../../platform/clickhouse/slices.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import type { RunningRole } from '../../platform/role.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import { experimentsQuery, readExperiments } from './definitions.ts'
import { markedUntil, progressOf, saveProgress, type Landed } from './marks.ts'
import { storeOutcomes, type Units } from './outcome.ts'
import { changedSessions, changedUnits, exposedUnits, touchedUnits } from './work.ts'
import { ownSessions } from './session-fact.ts'

/**
 * Keeps outcomes of units true: gives new rows of sessions their owners, recomputes the units that facts or exposures marked, and all
 * units of a metric that is new to an experiment. Killed at any point it does the same again, to the same rows.
 */
export interface OutcomeStep {
  /** Sessions and units dealt with; 0 = nothing to do. */
  readonly sessions: number
  readonly units: number
}

const MOST_SESSIONS = 20_000
const MOST_UNITS = 5_000

export async function outcomeStep(store: Store): Promise<OutcomeStep> {
  const sessions = await sessionsStep(store)
  const units = await unitsStep(store)
  return { sessions, units }
}

async function sessionsStep(store: Store): Promise<number> {
  const landed = await openMarks(store, 'sessions')
  const sessions = await rowsOf(store, changedSessions(landed))
  if (sessions === 0) return 0
  await inSlices(sessions, MOST_SESSIONS, (slice) => store.exec(ownSessions(landed, inSlice('clock, session_id, instance', slice))))
  await store.exec(saveProgress('sessions', landed.upTo))
  return sessions
}

async function unitsStep(store: Store): Promise<number> {
  const landed = await openMarks(store, 'units')
  const experiments = readExperiments(await store.rows<{ body: string }>(experimentsQuery))
  let units = 0
  for (const experiment of experiments) {
    const fresh = await newMetrics(store, experiment)
    if (fresh.length > 0) units += await build(store, experiment, fresh, landed.upTo)
  }
  const changed = await rowsOf(store, changedUnits(landed))
  if (changed === 0) return units
  for (const experiment of experiments) {
    const touched = touchedUnits(experiment, landed)
    const rows = await rowsOf(store, { sql: `SELECT toFloat64(count()) AS rows FROM (${touched.sql})`, params: { ...touched.params } })
    await recompute(store, experiment, metricsOf(experiment), { sql: `unit_id IN (${touched.sql})`, params: { ...touched.params } }, rows, landed.upTo)
    units += rows
  }
  await store.exec(saveProgress('units', landed.upTo))
  return Math.max(units, 1)
}

/** Metrics of an experiment that were never counted for all its units. */
async function newMetrics(store: Store, experiment: RegisteredExperiment): Promise<MetricDefinition[]> {
  const fresh: MetricDefinition[] = []
  for (const metric of metricsOf(experiment)) {
    const [row] = await store.rows<{ known: number }>(progressOf(builtName(experiment, metric)))
    if ((row?.known ?? 0) === 0) fresh.push(metric)
  }
  return fresh
}

const builtName = ({ id, clock }: RegisteredExperiment, metric: MetricDefinition): string => `${clock}/${id}/${metricKey(metric)}`

async function build(store: Store, experiment: RegisteredExperiment, metrics: readonly MetricDefinition[], upTo: number): Promise<number> {
  const rows = await rowsOf(store, exposedUnits(experiment))
  await recompute(store, experiment, metrics, { sql: '1' }, rows, upTo)
  for (const metric of metrics) await store.exec(saveProgress(builtName(experiment, metric), upTo))
  return rows
}

const recompute = (store: Store, experiment: RegisteredExperiment, metrics: readonly MetricDefinition[], units: Units, rows: number, upTo: number): Promise<void> =>
  inSlices(metrics.length === 0 ? 0 : rows, MOST_UNITS, (slice) => store.exec(storeOutcomes(experiment, metrics, { ...units, sql: `${units.sql} AND ${inSlice('unit_id', slice)}` }, upTo)))

async function openMarks(store: Store, work: string): Promise<Landed> {
  const [until] = await store.rows<{ upTo: number }>(markedUntil)
  const [progress] = await store.rows<{ cursor: number }>(progressOf(work))
  const after = progress?.cursor ?? 0
  return { after, upTo: Math.max(after, until?.upTo ?? 0) }
}

async function rowsOf(store: Store, query: Parameters<Store['rows']>[0]): Promise<number> {
  const [row] = await store.rows<{ rows: number }>(query)
  return row?.rows ?? 0
}

const MOST_WAIT_MS = 30_000

/** Steps until nothing that had landed at the call is left over. */
export async function settleOutcomes(store: Store): Promise<void> {
  const now = async (): Promise<number> => Number((await store.rows<{ now: string }>('SELECT toUnixTimestamp64Milli(now64(3)) AS now'))[0]?.now ?? 0)
  const called = await now()
  for (;;) {
    const { sessions, units } = await outcomeStep(store)
    const [{ upTo } = { upTo: 0 }] = await store.rows<{ upTo: number }>(markedUntil)
    if (sessions + units === 0 && (upTo >= called || await now() > called + MOST_WAIT_MS)) return
    await store.rows('SELECT sleep(0.02)')
  }
}

export interface OutcomeOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Shortest rest, ms. */
  readonly restMs?: number
}

/** A quarter of a core at most. */
const REST_FACTOR = 3
const RETRY_MS = 2_000

export function startOutcomes({ store, clock, log, restMs = 500 }: OutcomeOptions): RunningRole {
  const stopping = new AbortController()
  const rest = (ms: number): Promise<void> => clock.sleep(ms, stopping.signal).catch(() => undefined)
  const keep = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const started = clock.now()
      try {
        await outcomeStep(store)
        await rest(Math.max(restMs, (clock.now() - started) * REST_FACTOR))
      } catch (error) {
        log.warn({ error: errorMessage(error) }, 'outcomes of units were not recomputed, trying again')
        await rest(RETRY_MS)
      }
    }
  }
  const done = keep()
  return { done, async stop() { stopping.abort(); await done } }
}
