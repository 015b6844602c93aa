import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import { currentId } from '../../schemas/metrics/index.ts'
import { refuse } from './faulty.ts'

/** The metric of an experiment by its id or key; fails if the experiment does not have it. */
export function named(experiment: RegisteredExperiment, name: string): MetricDefinition {
  const own = metricsOf(experiment)
  // Old and current ids find each other, whichever was registered.
  const metric =
    own.find((each) => each.id === name || metricKey(each) === name) ??
    own.find(({ id }) => currentId('experiments', id) === currentId('experiments', name))
  return (
    metric ??
    refuse([
      { at: 'metric', problem: `is none of this experiment's: ${metricsOf(experiment).map(metricKey).join(', ')}` },
    ])
  )
}

/** Maximum other experiments per request. */
const MAX_OTHERS = 20

/** Started experiments that can share units with this one; by default the latest. */
export function crossable(
  { id, unit, clock }: RegisteredExperiment,
  all: readonly RegisteredExperiment[],
  asked: readonly string[] | undefined,
): RegisteredExperiment[] {
  const others = all.filter((other) => other.id !== id && other.unit === unit && other.startedAt !== null)
  if (asked === undefined)
    return others
      .filter(({ state }) => state !== 'archived')
      .toSorted((a, b) => b.startedAt! - a.startedAt! || (a.id < b.id ? -1 : 1))
      .slice(0, MAX_OTHERS)
  return asked.map(
    (name) =>
      others.find((other) => other.id === name) ??
      refuse([
        {
          at: 'with',
          problem: `${name} is no other experiment on the clock ${clock} that randomises by ${unit} and was started`,
        },
      ]),
  )
}

/** A cell as one flat row: nested values get names joined by '_'. */
export function flat(value: object, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]: [string, unknown]) =>
      Array.isArray(part)
        ? part.map((each: unknown, at) => [`${prefix}${name}_${at === 0 ? 'low' : 'high'}`, each])
        : typeof part === 'object' && part !== null
          ? Object.entries(flat(part, `${prefix}${name}_`))
          : [[`${prefix}${name}`, part]],
    ),
  )
}

/** A row without formulas: a spreadsheet would run a text that begins like one, and clients invent values of slices. */
export const inert = (row: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value,
    ]),
  )
