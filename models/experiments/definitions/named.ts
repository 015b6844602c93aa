import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { OLD_BUILT_IN } from './built-in.ts'

/**
 * The metric of a name among those that are defined: `id` for the latest version, or `id@version`. An old id gives the
 * built-in metric under that id, which says what took its place. undefined of a name that nobody defined.
 */
export function metricNamed(name: string, defined: readonly MetricDefinition[]): MetricDefinition | undefined {
  const all = [...defined, ...OLD_BUILT_IN]
  const exact = all.find((metric) => metricKey(metric) === name)
  return exact ?? all.filter(({ id }) => id === name).toSorted((a, b) => b.version - a.version)[0]
}
