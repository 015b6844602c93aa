import { runs } from '../chart/scale.ts'
import type { ChartData } from '../chart/data.ts'
import type { Experiment, Quantiles } from './types.ts'
import { armName, figure, metricOf } from './view.ts'

type Comparison = Quantiles['comparisons'][number]

/** Text of a level, 0 to 100. */
const levelName = (percent: number): string => `p${percent}`

const axes = (experiment: Experiment, { metric: id, curve }: Comparison): Omit<ChartData, 'series'> => {
  const metric = metricOf(experiment, id)
  const text = (value: number | null): string => (value === null ? 'never' : figure(metric, value))
  return {
    times: curve.levels.map((level) => Math.round(level * 100)),
    steps: { head: 'level', name: levelName },
    format: text,
    axis: text,
    partial: false,
    read: curve.levels.indexOf(0.5),
  }
}

/** The quantile functions of the control and of an arm. */
export const bothCurves = (experiment: Experiment, comparison: Comparison): ChartData => ({
  ...axes(experiment, comparison),
  series: [
    { name: armName(experiment, 0), values: comparison.curve.control },
    { name: armName(experiment, comparison.variation), values: comparison.curve.treatment },
  ],
})

/** Arm minus control with its band, and the strip of what does not matter if the metric has a margin. */
export function differenceCurve(experiment: Experiment, comparison: Comparison): ChartData {
  const { control, treatment, low, high } = comparison.curve
  const margin = metricOf(experiment, comparison.metric)?.margin
  const { format, ...rest } = axes(experiment, comparison)
  const signed = (value: number | null): string => `${(value ?? 0) > 0 ? '+' : ''}${format(value)}`
  const end = (value: number | null): string => (value === null ? 'open' : signed(value))
  return {
    ...rest,
    format: (value) => (value === null ? 'not known' : signed(value)),
    axis: signed,
    ...(margin !== undefined && { strip: control.map((value) => [-margin * (value ?? 0), margin * (value ?? 0)]) }),
    series: [
      {
        name: 'difference',
        values: treatment.map((value, at) => minus(value, control[at] ?? null)),
        bounds: low.map((value, at) => [value, high[at] ?? null]),
        remarks: low.map((value, at) => `${end(value)} to ${end(high[at] ?? null)}`),
      },
    ],
  }
}

const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)

/**
 * Where the arms surely differ, in words: levels whose whole band lies outside the strip of what does not matter, or on
 * one side of nothing if the metric has no margin.
 */
export function clearLevels(experiment: Experiment, comparison: Comparison): string {
  if (comparison.silent) return 'not yet: a band is finite from a few thousand units an arm on.'
  const { levels, control, low, high } = comparison.curve
  const metric = metricOf(experiment, comparison.metric)
  const strip = (at: number): number => (metric?.margin ?? 0) * Math.abs(control[at] ?? 0)
  const [up, down] = metric?.better === 'up' ? ['better', 'worse'] : ['worse', 'better']
  const sides = [
    { says: up, holds: (at: number) => (low[at] ?? -Infinity) > strip(at) },
    { says: down, holds: (at: number) => (high[at] ?? Infinity) < -strip(at) },
  ]
  const found = sides.flatMap(({ says, holds }) => {
    const stretches = runs(levels.length, holds).map(({ from, to }) => stretch(levels[from]!, levels[to]!))
    return stretches.length === 0 ? [] : [`surely ${says} ${stretches.join(' and ')}`]
  })
  return found.length === 0 ? 'no level at which the arms surely differ.' : `${found.join('; ')}.`
}

function stretch(from: number, to: number): string {
  const [first, last] = [from, to].map((level) => levelName(Math.round(level * 100)))
  return from === to ? `at ${first}` : `from ${first} to ${last}`
}
