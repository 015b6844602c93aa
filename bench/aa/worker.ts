import type { Compute } from '../../platform/workers/index.ts'
import { rowOf, type Effort, type Row, type Setting } from './plan.ts'
import type { Population } from './population.ts'

export interface AaTask {
  /** Index of the metric in the population. */
  readonly metric: number
  readonly setting: Omit<Setting, 'metric'>
}

const compute: Compute<{ readonly population: Population; readonly effort: Effort }, AaTask, Row> =
  ({ population, effort }) =>
  ({ metric, setting }) =>
    rowOf(population, population.metrics[metric]!, setting, effort)
export default compute
