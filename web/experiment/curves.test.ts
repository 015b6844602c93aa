import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bothCurves, clearLevels, differenceCurve } from './curves.ts'
import { EXPERIMENT, metric } from './testing.ts'
import type { Curve, Quantiles } from './types.ts'

type Comparison = Quantiles['comparisons'][number]

const levels = [0.25, 0.5, 0.75, 0.99]
const curve: Curve = {
  levels,
  control: [400, 800, 1_600, null],
  treatment: [400, 820, 1_000, 9_000],
  low: [-50, 5, -700, null],
  high: [50, 35, -500, -100],
}
const of = (metric: string, part: Partial<Comparison> = {}): Comparison => ({
  metric,
  variation: 1,
  slice: null,
  silent: false,
  units: { control: 5_000, treatment: 5_000 },
  cells: [],
  curve,
  ...part,
})

describe('curves of a distribution', () => {
  it('are both arms over the levels, an endless value said as never', () => {
    const data = bothCurves(EXPERIMENT, of('watch'))
    assert.deepEqual([data.times, data.steps!.name(25), data.read], [[25, 50, 75, 99], 'p25', 1])
    assert.deepEqual(
      data.series.map(({ name, values }) => [name, values]),
      [
        ['today', curve.control],
        ['big', curve.treatment],
      ],
    )
    assert.equal(data.format(null), 'never')
  })

  it('are their difference with its band; without a margin no strip', () => {
    const { series, strip, format } = differenceCurve(EXPERIMENT, of('watch'))
    assert.deepEqual(series[0]!.values, [0, 20, -600, null])
    assert.equal(series[0]!.remarks![3], 'open to -0.10 s')
    assert.deepEqual([strip, format(20), format(null)], [undefined, '+0.02 s', 'not known'])
  })

  it('say where the arms surely differ: outside the margin, where there is one', () => {
    assert.equal(clearLevels(EXPERIMENT, of('watch')), 'surely better at p50; surely worse from p75 to p99.')
    const stall = of('stall')
    const guardrail = [metric('stall', { better: 'down', margin: 0.05 })]
    const guarded = { ...EXPERIMENT, metrics: { ...EXPERIMENT.metrics, guardrail } }
    assert.deepEqual(differenceCurve(guarded, stall).strip![1], [-0.05 * 800, 0.05 * 800])
    assert.equal(clearLevels(guarded, stall), 'surely better from p75 to p99.')
    assert.match(clearLevels(EXPERIMENT, of('watch', { silent: true })), /^not yet/)
    const nothing = { ...curve, low: [-1, -1, -1, null], high: [1, 1, 1, null] }
    assert.equal(clearLevels(EXPERIMENT, of('watch', { curve: nothing })), 'no level at which the arms surely differ.')
  })
})
