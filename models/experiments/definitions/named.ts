import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { OLD_BUILT_IN } from './built-in.ts'

/**
 * Finds a metric by name among `defined`: `id` for the latest version, or `id@version`. An old id gives the built-in
 * metric with that id, which names its replacement. Returns undefined if the name is unknown.
 */
export function metricNamed(name: string, defined: readonly MetricDefinition[]): MetricDefinition | undefined {
  const all = [...defined, ...OLD_BUILT_IN]
  const exact = all.find((metric) => metricKey(metric) === name)
  return exact ?? all.filter(({ id }) => id === name).toSorted((a, b) => b.version - a.version)[0]
}
