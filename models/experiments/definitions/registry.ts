import type { Query, Store } from '../../../platform/clickhouse/port.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { METRICS, REVISIONS } from '../../../schemas/experiments/tables.ts'
import { BUILT_IN, OLD_BUILT_IN } from './built-in.ts'

/** Storage of experiments and metrics as append-only revisions. */
export interface Registry {
  experiments(): Promise<RegisteredExperiment[]>
  /** Those that SDKs are told of: neither drafts nor archived ones, of which there may be any number. */
  served(): Promise<RegisteredExperiment[]>
  /** The latest revision; undefined if the id is unknown. */
  experiment(id: string): Promise<RegisteredExperiment | undefined>
  /** The audit trail, oldest first. */
  revisions(id: string): Promise<RegisteredExperiment[]>
  /** Returns false if another revision with that number was written first. */
  write(experiment: RegisteredExperiment): Promise<boolean>
  /** Built-in metrics, and every version of user-defined ones. */
  metrics(): Promise<MetricDefinition[]>
  defineMetric(metric: MetricDefinition): Promise<boolean>
}

const LATEST = `SELECT argMax(r.body, r.revision) AS body FROM ${REVISIONS} AS r GROUP BY r.id`
/** Without a limit: a cut answer would take experiments from their viewers in silence. */
const latest: Query = { sql: `${LATEST} ORDER BY r.id` }
const latestServed: Query = {
  sql: `${LATEST} HAVING JSONExtractString(body, 'state') NOT IN ('draft', 'archived') ORDER BY r.id`,
}
const ofOne = (id: string): Query => ({
  sql: `SELECT body FROM ${REVISIONS} WHERE id = {id:String} ORDER BY revision`,
  params: { id },
})
const ofMetrics: Query = { sql: `SELECT body FROM ${METRICS} ORDER BY id, version` }

/**
 * Inserts one row with a name that can be used once: of two concurrent writers, the engine drops the second one's
 * block, and both read back which one was first.
 */
export async function claim(
  store: Store,
  table: string,
  column: string,
  id: string,
  number: number,
  body: string,
): Promise<boolean> {
  const existing = {
    sql: `SELECT body FROM ${table} WHERE id = {id:String} AND ${column} = {number:UInt32}`,
    params: { id, number },
  }
  if ((await store.rows(existing)).length > 0) return false
  await store.exec({
    sql: `INSERT INTO ${table} (id, ${column}, body) SETTINGS async_insert = 0, insert_deduplicate = 1, insert_deduplication_token = '${Buffer.from(`${table}/${id}/${number}`).toString('hex')}'
      SELECT {id:String}, {number:UInt32}, {body:String}`,
    params: { id, number, body },
  })
  const [winner] = await store.rows<{ body: string }>(existing)
  return winner?.body === body
}

export function openRegistry(store: Store): Registry {
  const read = async <T>(query: Query): Promise<T[]> =>
    (await store.rows<{ body: string }>(query)).map(({ body }) => JSON.parse(body) as T)
  return {
    experiments: () => read(latest),
    served: () => read(latestServed),
    experiment: async (id) => (await read<RegisteredExperiment>(ofOne(id))).at(-1),
    revisions: (id) => read(ofOne(id)),
    write: (experiment) =>
      claim(store, REVISIONS, 'revision', experiment.id, experiment.revision, JSON.stringify(experiment)),
    metrics: async () => [...BUILT_IN, ...(await read<MetricDefinition>(ofMetrics))],
    defineMetric: async (metric) =>
      ![...BUILT_IN, ...OLD_BUILT_IN].some(({ id }) => id === metric.id) &&
      claim(store, METRICS, 'version', metric.id, metric.version, JSON.stringify(metric)),
  }
}
