import type { AggregateAudit, Cut } from '../../platform/audit.ts'
import { renderParams } from '../../platform/clickhouse/params.ts'
import type { Query, Store } from '../../platform/clickhouse/port.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey } from '../../schemas/experiments/metric.ts'
import { OUTCOMES } from '../../schemas/experiments/tables.ts'
import { experimentsQuery, readExperiments } from './definitions.ts'
import { OUTCOME_COLUMNS, outcomes } from './outcome.ts'
import { unitsPast } from './past.ts'

/**
 * Audits of outcomes, one an experiment: each compares stored rows with the same computation from the underlying state,
 * which has its own audit. One statement over all experiments needed memory for each of them by its plan alone.
 */
export async function outcomeAudits(store: Store): Promise<readonly AggregateAudit[]> {
  return readExperiments(await store.rows<{ body: string }>(experimentsQuery))
    .filter((experiment) => metricsOf(experiment).length > 0)
    .map(auditOf)
}

const auditOf = (experiment: RegisteredExperiment): AggregateAudit => ({
  name: `${OUTCOMES} ${experiment.id}`,
  table: renderParams({
    sql: `${OUTCOMES} WHERE clock = {clock:String} AND experiment_id = {id:String}`,
    params: { clock: experiment.clock, id: experiment.id },
  }),
  // A slice by unit is applied before any data is read.
  keys: ['unit_id'],
  sliceRows: 400_000,
  stored: (cut) => storedOf(experiment, cut),
  recomputed: (cut, within) => recomputedOf(experiment, cut, within),
})

const NAMED = (experiment: RegisteredExperiment): string =>
  `${renderParams({ sql: '{clock:String} AS clock, {id:String} AS experiment_id', params: { clock: experiment.clock, id: experiment.id } })}, ${OUTCOME_COLUMNS.map((name) => `o.${name} AS ${name}`).join(', ')}`

const storedOf = (experiment: RegisteredExperiment, cut: Cut): Query => ({
  sql: `SELECT ${NAMED(experiment)} FROM ${OUTCOMES} AS o FINAL
    WHERE o.clock = {clock:String} AND o.experiment_id = {id:String} AND o.metric IN {metrics:Array(String)} AND o.unit_id NOT IN (${unitsPast(experiment, cut)})`,
  params: {
    clock: experiment.clock,
    id: experiment.id,
    unit: experiment.unit,
    metrics: metricsOf(experiment).map(metricKey),
  },
})

function recomputedOf(experiment: RegisteredExperiment, cut: Cut, within: string): Query {
  const { sql, params } = outcomes(experiment, metricsOf(experiment), {
    sql: `${within} AND unit_id NOT IN (${unitsPast(experiment, cut)})`,
  })
  return { sql: `SELECT ${NAMED(experiment)} FROM (${sql}) AS o`, params: { ...params } }
}
