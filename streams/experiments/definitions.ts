import type { Query } from '../../platform/clickhouse/port.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { REVISIONS } from '../../schemas/experiments/tables.ts'

/**
 * The latest revisions of experiments with outcomes: a draft has none yet, an archived experiment keeps those it has.
 */
export const experimentsQuery: Query = {
  sql: `SELECT argMax(r.body, r.revision) AS body FROM ${REVISIONS} AS r GROUP BY r.id ORDER BY r.id`,
}

export const readExperiments = (rows: readonly { readonly body: string }[]): RegisteredExperiment[] =>
  rows
    .map(({ body }) => JSON.parse(body) as RegisteredExperiment)
    .filter(({ state }) => state !== 'draft' && state !== 'archived')
