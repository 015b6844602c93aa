import { sumsQueries, type Asked, type SumsRow } from '../../models/experiments/index.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey } from '../../schemas/experiments/metric.ts'
import { dealtWith, waiting, type DealtWith } from '../../streams/experiments/index.ts'
import { fail } from '../errors.ts'
import type { ExperimentService } from './service.ts'

/** The basis of every result: equal offsets, watermark and revision give equal figures. */
export interface Basis {
  readonly experiment: string
  readonly revision: number
  readonly clock: string
  readonly watermark: number
  readonly offsets: readonly DealtWith[]
  /** False if some inserted events are not counted yet. */
  readonly settled: boolean
  readonly metrics: readonly string[]
}

/** What results are computed from. */
export interface Bases {
  /** An experiment and the moment at which it is looked at; fails for a moment that has not been. */
  open(id: string, asOf?: number): Promise<{ readonly experiment: RegisteredExperiment; readonly basis: Basis }>
  sums(asked: Asked): Promise<SumsRow[]>
}

export function openBases(store: Store, experiments: Pick<ExperimentService, 'one' | 'now' | 'hasBeen'>): Bases {
  return {
    async open(id, asOf) {
      const experiment = await experiments.one(id)
      const [offsets, [left]] = await Promise.all([
        store.rows<DealtWith>(dealtWith),
        store.rows<{ marks: number }>(waiting),
      ])
      const watermark = asOf ?? (await experiments.now(experiment.clock))
      if (asOf !== undefined && !(await experiments.hasBeen(experiment.clock, asOf)))
        throw fail('API_QUERY_INVALID', {
          problem: `as_of lies ahead of the clock ${experiment.clock}: windows would count as closed that are not`,
        })
      return {
        experiment,
        basis: {
          experiment: id,
          revision: experiment.revision,
          clock: experiment.clock,
          watermark,
          offsets,
          settled: (left?.marks ?? 0) === 0,
          metrics: metricsOf(experiment).map(metricKey),
        },
      }
    },
    sums: async (asked) => (await Promise.all(sumsQueries(asked).map((query) => store.rows<SumsRow>(query)))).flat(),
  }
}
