import type { Store } from '../../platform/clickhouse/port.ts'
import { inSlice, inSlices } from '../../platform/clickhouse/slices.ts'
import { throttled } from '../../platform/clickhouse/throttled.ts'
import type { Job } from '../../platform/jobs/index.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import { newBlocks, readCursor, saveCursor, type Block, type Blocks, type Cursor } from '../touched/index.ts'
import { domains } from './domains.ts'
import { experimentsQuery, readExperiments } from './definitions.ts'
import { saveBuilt, SESSIONS, UNITS, works } from './marks.ts'
import { storeOutcomes, type Units } from './outcome.ts'
import { changedSessions, exposedUnits, touchedUnits } from './work.ts'
import { ownSessions } from './session-fact.ts'

/**
 * Keeps outcomes of units up to date: assigns owners to new session rows, recomputes the units that facts or exposures
 * marked, and computes a metric that is new to an experiment for all its units. After a kill at any point it repeats
 * the work and writes the same rows.
 */
export interface OutcomeStep {
  /** Sessions and units processed; 0 = nothing to do. */
  readonly sessions: number
  readonly units: number
  /** Number of marks at the start of the step. */
  readonly marks: number
}

const MAX_SESSIONS = 20_000
/** A statement costs a second before it reads anything of a unit: with 5,000 units that was nine tenths of its time. */
export const MAX_UNITS = 20_000

export async function outcomeStep(store: Store): Promise<OutcomeStep> {
  const [ofSessions, ofUnits] = [await newMarks(store, SESSIONS), await newMarks(store, UNITS)]
  const sessions = await sessionsStep(store, ofSessions)
  const units = await unitsStep(store, ofUnits)
  return { sessions, units, marks: ofSessions.marks + ofUnits.marks }
}

/** Marks that no step has processed. */
interface NewMarks {
  readonly cursor: Cursor
  readonly blocks: Blocks
  readonly marks: number
  readonly last: Block | undefined
}

async function newMarks(store: Store, { table, work }: typeof SESSIONS | typeof UNITS): Promise<NewMarks> {
  const cursor = await readCursor(store, work, table)
  const found = await newBlocks(store, table, cursor)
  const last = found.at(-1)
  const blocks = { after: cursor.block, upTo: last?.block ?? cursor.block }
  return { cursor, blocks, last, marks: found.reduce((sum, { rows }) => sum + rows, 0) }
}

async function sessionsStep(store: Store, { cursor, blocks, last, marks }: NewMarks): Promise<number> {
  if (last === undefined) return 0
  await inSlices(await rowsOf(store, changedSessions(blocks)), MAX_SESSIONS, (slice) =>
    store.exec(ownSessions(blocks, inSlice('clock, session_id, instance', slice))),
  )
  await store.exec(saveCursor(cursor, last))
  return marks
}

/** Versions are places of the cursor: they grow with every mark that a unit's row takes in. */
async function unitsStep(store: Store, { cursor, blocks, last }: NewMarks): Promise<number> {
  const version = cursor.base + blocks.upTo
  const experiments = readExperiments(await store.rows<{ body: string }>(experimentsQuery))
  const built = new Set((await store.rows<{ work: string }>(works)).map(({ work }) => work))
  let units = 0
  for (const experiment of experiments) {
    const fresh = metricsOf(experiment).filter((metric) => !built.has(builtName(experiment, metric)))
    if (fresh.length > 0) units += await build(store, experiment, fresh, version)
  }
  if (last === undefined) return units
  for (const experiment of experiments) {
    const touched = touchedUnits(experiment, blocks)
    const rows = await rowsOf(store, {
      sql: `SELECT toFloat64(count()) AS rows FROM (${touched.sql})`,
      params: { ...touched.params },
    })
    await recompute(
      store,
      experiment,
      metricsOf(experiment),
      { sql: `unit_id IN (${touched.sql})`, params: { ...touched.params } },
      rows,
      version,
    )
    units += rows
  }
  await store.exec(saveCursor(cursor, last))
  return Math.max(units, 1)
}

export const builtName = ({ id, clock }: RegisteredExperiment, metric: MetricDefinition): string =>
  `${clock}/${id}/${metricKey(metric)}`

/** Computes metrics that are new to an experiment for all its units. */
async function build(
  store: Store,
  experiment: RegisteredExperiment,
  metrics: readonly MetricDefinition[],
  version: number,
): Promise<number> {
  const rows = await rowsOf(store, exposedUnits(experiment))
  await recompute(store, experiment, metrics, { sql: '1' }, rows, version)
  for (const metric of metrics) await store.exec(saveBuilt(builtName(experiment, metric)))
  return rows
}

const recompute = (
  store: Store,
  experiment: RegisteredExperiment,
  metrics: readonly MetricDefinition[],
  units: Units,
  rows: number,
  version: number,
): Promise<void> =>
  inSlices(metrics.length === 0 ? 0 : rows, MAX_UNITS, (slice) =>
    store.exec(
      storeOutcomes(experiment, metrics, { ...units, sql: `${units.sql} AND ${inSlice('unit_id', slice)}` }, version),
    ),
  )

async function rowsOf(store: Store, query: Parameters<Store['rows']>[0]): Promise<number> {
  const [row] = await store.rows<{ rows: number }>(query)
  return row?.rows ?? 0
}

/** Steps until everything that had landed at the time of the call is processed. */
export async function settleOutcomes(store: Store): Promise<void> {
  for (let more = true; more;) {
    const { sessions, units } = await outcomeStep(store)
    more = sessions + units > 0
  }
}

/**
 * Limit between quick and slow statements, ms. A statement of few units is quick: somebody may be watching, so the job
 * uses half a core. A slow one has many units and delays everybody: its time beyond the limit uses a tenth of a core.
 */
const QUICK_MS = 250
const QUICK_SHARE = 0.5
const SLOW_SHARE = 0.1
const IDLE_MS = 1_000

/**
 * Share of a core after a statement of this duration: one share for the time up to QUICK_MS, another for the rest.
 * Pure.
 */
export function outcomeShare(tookMs: number): number {
  const quick = Math.min(tookMs, QUICK_MS)
  return tookMs === 0 ? QUICK_SHARE : tookMs / (quick / QUICK_SHARE + (tookMs - quick) / SLOW_SHARE)
}

export interface OutcomeJobOptions {
  readonly store: Store
  readonly metrics: Metrics
}

export function outcomeJob({ store, metrics }: OutcomeJobOptions): Job {
  const waiting = metrics.gauge(
    'playloop_outcomes_marks',
    'Changes of facts and exposures that the last step found before it.',
  )
  const counted = metrics.counter('playloop_outcomes_units_total', 'Units whose outcomes were recomputed.')
  const failures = metrics.counter('playloop_outcomes_failures_total', 'Steps that failed; tried again.')
  return {
    name: 'experiments.outcomes',
    idleMs: IDLE_MS,
    share: outcomeShare,
    wakesOn: [...domains.map(({ name }) => `recomputed:${name}`), 'recomputed:qoe_session'],
    async step(_signal, context) {
      const { sessions, units, marks } = await outcomeStep(throttled(store, context)).catch((error: unknown) => {
        failures.inc()
        throw error
      })
      waiting.set(marks)
      counted.inc(units)
      return sessions + units
    },
  }
}
