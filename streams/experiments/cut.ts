import type { Cut } from '../../platform/audit.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { blockOf } from '../touched/index.ts'
import { builtName } from './job.ts'
import { SESSIONS, UNITS, works } from './marks.ts'
import { dealtWith, type DealtWith } from './progress.ts'

/** How long outcomes may take to follow what had landed, ms: a step of the job takes a second or two. */
const PATIENCE_MS = 15_000
const LOOK_MS = 50

/**
 * A place of the log that outcomes have passed: everything before it is counted for every unit that no later event
 * concerns. Waits until that is so; undefined if it takes too long.
 */
export async function passedCut(
  store: Store,
  clock: Clock,
  experiment: RegisteredExperiment,
): Promise<Cut | undefined> {
  const until = clock.now() + PATIENCE_MS
  const cut = cutOf(await store.rows<DealtWith>(dealtWith))
  const reached = async (isSo: () => Promise<boolean>): Promise<boolean> => {
    while (!(await isSo())) {
      if (clock.now() >= until) return false
      await clock.sleep(LOOK_MS)
    }
    return true
  }
  // Sessions mark units, so their marks come first.
  for (const marks of [SESSIONS, UNITS]) {
    const last = await lastMark(store, marks.table)
    if (!(await reached(async () => (await doneMark(store, marks.work)) >= last))) return undefined
  }
  return (await reached(() => isBuilt(store, experiment))) ? cut : undefined
}

export const cutOf = (offsets: readonly DealtWith[]): Cut =>
  offsets.map(({ topic, partition, offset }) => ({ topic, partition, start: 0, end: offset }))

const numberOf = async (store: Store, sql: string): Promise<number> =>
  (await store.rows<{ block: number }>(`SELECT toFloat64(${sql}) AS block`))[0]?.block ?? 0
const lastMark = (store: Store, table: string): Promise<number> =>
  numberOf(store, `(SELECT max(_block_number) FROM ${table})`)
const doneMark = (store: Store, work: string): Promise<number> => numberOf(store, blockOf(work))

/** Whether each metric was computed for the units that were exposed before the experiment was known. */
async function isBuilt(store: Store, experiment: RegisteredExperiment): Promise<boolean> {
  const built = new Set((await store.rows<{ work: string }>(works)).map(({ work }) => work))
  return metricsOf(experiment).every((metric) => built.has(builtName(experiment, metric)))
}
