import { seeded } from '../../../platform/random.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { experiment, WATCHED } from './fixture.ts'
import { scorecardOf, type ScoreCell } from './scorecard.ts'
import { addSums, NOTHING, type Sums, type SumsRow } from './sums.ts'

/** A unit of an experiment, with its total outcomes. */
export interface Unit {
  readonly variation: number
  readonly y: number
  readonly d?: number
  readonly x?: number
  readonly e?: number
  readonly seen?: number
  readonly phase?: number
  readonly closes?: number
}
export const sumsOf = (units: readonly Unit[]): Sums =>
  units.reduce(
    (all, { y, d = 1, x = 0, e = 1 }) =>
      addSums(all, {
        n: 1,
        nonzero: Number(y !== 0),
        y,
        yy: y * y,
        yyy: y ** 3,
        d,
        dd: d * d,
        x,
        xx: x * x,
        e,
        ee: e * e,
        yd: y * d,
        yx: y * x,
        ye: y * e,
        dx: d * x,
        de: d * e,
        xe: x * e,
      }),
    NOTHING,
  )
export const rowsOf = (units: readonly Unit[], metric: MetricDefinition, step = 0): SumsRow[] =>
  [...Map.groupBy(units, ({ phase = 0, variation, seen = 0 }) => `${phase}/${variation}/${seen}`).values()].map(
    (own) => ({
      ...sumsOf(own),
      metric: metricKey(metric),
      phase: own[0]!.phase ?? 0,
      variation: own[0]!.variation,
      seen: own[0]!.seen ?? 0,
      closed: 1,
      value: '',
      step,
    }),
  )
export const asSums = (units: readonly Unit[]) => {
  const { n, y, yy } = sumsOf(units)
  return { n, sum: y, sumSquares: yy }
}
const random = seeded(7)
export const drawn = (n: number, effect = 0, phase = 0, share = 0.5): Unit[] =>
  Array.from({ length: n }, () => {
    const [variation, habit, seen] = [
      Number(random.next() < share),
      50 + random.below(100),
      Number(random.next() < 0.7),
    ]
    return {
      variation,
      phase,
      seen,
      y: habit + random.below(40) + variation * effect,
      x: seen === 1 ? habit + random.below(30) : 0,
    }
  })
export const only = (units: readonly Unit[], over: Partial<RegisteredExperiment> = {}): ScoreCell => {
  const { cells } = scorecardOf(
    experiment({ metrics: { primary: [WATCHED], guardrail: [], secondary: [] }, ...over }),
    [{ slice: null, rows: rowsOf(units, WATCHED) }],
    0,
  )
  return cells[0]!
}
