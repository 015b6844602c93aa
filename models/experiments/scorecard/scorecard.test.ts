import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { cuped, effectOf, estimateOf, fiellerInterval, isComputed, momentsOf } from '../statistics/index.ts'
import { estimate } from './estimate.ts'
import { experiment, STALLED, STARTUP, WATCHED } from './fixture.ts'
import { gateOf } from './gate.ts'
import { quantileComparison } from './quantile-cell.ts'
import { scorecardOf } from './scorecard.ts'
import { NOTHING, type Sums, type SumsRow } from './sums.ts'
import { timeseriesOf } from './timeseries.ts'
import { type Unit, sumsOf, rowsOf, asSums, drawn, only } from './testing.ts'

describe('a scorecard', () => {
  it('finds an effect, keeps its interval, and takes the covariate only where there is a history', () => {
    const cell = only(drawn(4_000, 4))
    assert.ok(cell.discovery && cell.absolute!.interval[0] < 4 && cell.absolute!.interval[1] > 4, JSON.stringify(cell))
    assert.ok(cell.adjustment!.varianceReduction > 0.3)
    const fresh = only(drawn(4_000, 4).map((unit) => ({ ...unit, seen: 0, x: 0 })))
    assert.equal(fresh.adjustment, null)
    assert.ok(fresh.absolute!.se > cell.absolute!.se)
  })

  it('equals CUPED and the plain difference where all units are alike', () => {
    const units = drawn(3_000, 2).map((unit) => ({ ...unit, seen: 1 }))
    const [c, t] = [0, 1].map((variation) => sumsOf(units.filter((unit) => unit.variation === variation))) as [
      Sums,
      Sums,
    ]
    const phases = [{ phase: 0, control: { seen: c, fresh: NOTHING }, treatment: { seen: t, fresh: NOTHING } }]
    const arm = ({ n, y, yy, x, xx, yx }: Sums) => ({
      n,
      post: { sum: y, sumSquares: yy },
      pre: { sum: x, sumSquares: xx },
      product: yx,
    })
    const [own, known] = [estimate(phases, 'mean'), cuped(arm(c), arm(t), 'absolute')]
    assert.ok(
      isComputed(own) &&
        isComputed(known) &&
        Math.abs(own.absolute.effect - known.effect) < 0.02 &&
        Math.abs(own.absolute.se / known.se - 1) < 0.01,
    )
    const plain = [{ phase: 0, control: { seen: NOTHING, fresh: c }, treatment: { seen: NOTHING, fresh: t } }]
    const [difference, moments] = [
      estimate(plain, 'mean'),
      [0, 1].map((variation) => momentsOf(asSums(units.filter((unit) => unit.variation === variation)))),
    ]
    assert.ok(isComputed(difference) && isComputed(moments[0]!) && isComputed(moments[1]!))
    const expected = effectOf(moments[0], moments[1], 'absolute')
    assert.ok(
      isComputed(expected) &&
        Math.abs(difference.absolute.effect - expected.effect) < 1e-9 &&
        Math.abs(difference.absolute.se - expected.se) < 1e-9,
    )
  })

  it('says nothing before the gate, and why', () => {
    const few = only(drawn(150))
    assert.deepEqual(
      [few.absolute, few.logE, few.gate.reason, few.discovery],
      [null, null, 'too few units had the outcome', false],
    )
    assert.ok(few.gate.unitsNeeded >= 100)
    const skewed = gateOf([
      sumsOf(Array.from({ length: 5_000 }, (_, i) => ({ variation: 0, y: i % 20 === 0 ? 2 ** (i % 12) * 100 : 0 }))),
    ])
    assert.deepEqual([skewed.open, skewed.reason], [false, 'the outcome is too skewed for so few units'])
    assert.equal(only([]).reason, 'there are too few units')
  })

  it('compares phases within themselves: a ramp on a day of more watching is no effect', () => {
    const ramp = [...drawn(4_000, 0, 0, 0.1), ...drawn(4_000, 0, 1, 0.5).map((unit) => ({ ...unit, y: unit.y + 40 }))]
    const phases = [
      { phase: 0, from: 0, weights: [0.9, 0.1] },
      { phase: 1, from: 1, weights: [0.5, 0.5] },
    ]
    assert.equal(only(ramp, { phases }).discovery, false)
    assert.equal(only(ramp.map((unit) => ({ ...unit, phase: 0 }))).discovery, true)
  })

  it('refuses a covariate that differs before there was a treatment', () => {
    const units = drawn(4_000).map((unit) => ({ ...unit, seen: 1, x: (unit.x ?? 0) + unit.variation * 40 }))
    const { adjustment } = only(units)
    assert.deepEqual([adjustment?.imbalanced, adjustment?.varianceReduction], [true, 0])
  })

  it('veils what is valid once until the planned end', () => {
    const units = drawn(2_000)
    assert.equal(only(units).once, null)
    assert.ok(only(units, { endsAt: 0 }).once !== null && only(units, { state: 'stopped' }).once !== null)
  })

  it('tells a share of the baseline by Fieller at the end, and none while the baseline may be zero', () => {
    const units = drawn(3_000, 8).map((unit) => ({ ...unit, seen: 0, x: 0 }))
    const moments = [0, 1].map((variation) => momentsOf(asSums(units.filter((unit) => unit.variation === variation))))
    assert.ok(isComputed(moments[0]!) && isComputed(moments[1]!))
    const [expected, { once, relative }] = [
      fiellerInterval(estimateOf(moments[0]), estimateOf(moments[1]), 0.05),
      only(units, { state: 'stopped' }),
    ]
    assert.ok(isComputed(expected) && once!.relative!.every((end, at) => Math.abs(end - expected.interval[at]!) < 1e-9))
    assert.ok(once!.relative![0] > relative!.interval[0] && once!.relative![1] < relative!.interval[1])
    const signed = Array.from({ length: 3_000 }, (_, i): Unit => ({
      variation: i % 2,
      y: (i % 4 < 2 ? 1 : -1) * (i % 50) + (i % 2) * 9,
    }))
    const cell = only(signed, { state: 'stopped' })
    assert.deepEqual([cell.relative, cell.once!.relative, cell.detectable, cell.discovery], [null, null, null, true])
  })

  it('tests first events of counts, tells what N* would find, and believes only at the end', () => {
    const COUNT: MetricDefinition = { ...WATCHED, id: 'fails', kind: 'count' }
    const units = Array.from({ length: 6_000 }, (_, i): Unit => ({
      variation: i % 2,
      y: i % (i % 2 === 0 ? 10 : 5) < 2 ? 3 : 0,
    }))
    const [cell] = scorecardOf(
      experiment({ metrics: { primary: [COUNT], guardrail: [], secondary: [] }, state: 'stopped' }),
      [{ slice: null, rows: rowsOf(units, COUNT) }],
      0,
    ).cells
    assert.ok(
      cell!.firstEvents!.treatment > cell!.firstEvents!.control &&
        cell!.firstEvents!.logE > 20 &&
        cell!.firstEvents!.ratio[0]! > 1.5 &&
        cell!.detectable! > 0 &&
        cell!.detectable! < 0.5,
      JSON.stringify(cell),
    )
    assert.ok(cell!.once!.chanceToWin > 0.999 && cell!.once!.risk.treatment < 1e-6)
    assert.equal(only(units).firstEvents, null)
    const { unitsToJoin, detectable } = only(drawn(2_000), { targetEffect: 0.02 })
    const later = only(drawn(2_000 + unitsToJoin!), { targetEffect: 0.02, plannedUnits: 4_000 })
    assert.ok(
      unitsToJoin! > 1_000 && detectable! > 0.02 && later.unitsToJoin! < 0.1 * unitsToJoin!,
      JSON.stringify([unitsToJoin, later.unitsToJoin]),
    )
    assert.deepEqual([only(drawn(2_000)).unitsToJoin, only(drawn(2_000), { targetEffect: 2 }).unitsToJoin], [null, 0])
  })

  it('keeps families apart, and tells harm to a guardrail without correction', () => {
    const units = drawn(6_000, -20)
    const { cells } = scorecardOf(
      experiment({ metrics: { primary: [STALLED], guardrail: [WATCHED], secondary: [] } }),
      [
        { slice: null, rows: [...rowsOf(units, WATCHED), ...rowsOf(drawn(6_000), STALLED)] },
        { slice: { name: 'country', value: 'DE', adHoc: false }, rows: rowsOf(drawn(6_000), STALLED) },
      ],
      0,
    )
    assert.deepEqual(
      cells.map(({ family, metric, discovery, guardrail }) => [family, metric, discovery, guardrail]),
      [
        ['primary', 'stalled', false, null],
        ['guardrail', 'watched', true, 'inferior'],
        ['exploratory', 'stalled', false, null],
      ],
    )
  })

  it('adjusts what is valid once among its family, and harm by nothing', () => {
    const metrics = { primary: [WATCHED, STALLED], guardrail: [{ ...WATCHED, id: 'kept' }], secondary: [] }
    const rows = (): SumsRow[] =>
      metrics.primary.concat(metrics.guardrail).flatMap((metric) => rowsOf(drawn(3_000, 3), metric))
    const card = (state: RegisteredExperiment['state']) =>
      scorecardOf(experiment({ metrics, state }), [{ slice: null, rows: rows() }], 0).cells
    assert.ok(card('running').every(({ adjustedP }) => adjustedP === null))
    const [first, second, harm] = card('stopped')
    const [least, greatest] = [first!, second!].sort((a, b) => a.once!.p - b.once!.p)
    assert.ok(
      Math.abs(least!.adjustedP!.holm - Math.min(1, 2 * least!.once!.p)) < 1e-12 &&
        Math.abs(greatest!.adjustedP!.benjaminiHochberg - greatest!.once!.p) < 1e-12,
    )
    assert.deepEqual([harm!.family, harm!.adjustedP], ['guardrail', null])
  })

  it('plans a slice with the share that was expected of it at the start', () => {
    const table = (value: string) => ({
      slice: { name: 'country' as const, value, adHoc: false },
      rows: rowsOf(drawn(2_000), WATCHED),
    })
    const planned = (over: Partial<RegisteredExperiment>): number[] =>
      scorecardOf(
        experiment({ metrics: { primary: [WATCHED], guardrail: [], secondary: [] }, plannedUnits: 40_000, ...over }),
        ['DE', 'FR', 'NL'].map(table),
        0,
      ).cells.map(({ plannedUnits }) => plannedUnits)
    assert.deepEqual(planned({}), [10_000, 10_000, 10_000])
    assert.deepEqual(planned({ sliceShares: { country: { DE: 0.5, FR: 0.02 } } }), [20_000, 800, 400])
  })

  it('stands at each moment as it stood then', () => {
    const units = Array.from({ length: 5 }, (_, step) => rowsOf(drawn(800, 6), WATCHED, step * 100)).flat()
    const points = timeseriesOf(experiment(), WATCHED, units, 100, 450)
    assert.deepEqual(
      points.map(({ at }) => at),
      [100, 200, 300, 400, 450],
    )
    assert.ok(points.every(({ cells: [cell] }, at) => cell!.units.control + cell!.units.treatment === 800 * (at + 1)))
    assert.equal(points.at(-1)!.cells[0]!.discovery, true)
  })

  it('shows a tail that the median does not, and says where nothing is finite', () => {
    const bins = (variation: number, slow: number) => [
      ...Array.from({ length: 100 }, (_, i) => ({
        metric: 'startup@1',
        variation,
        value: '',
        bin: 1_000 + i,
        count: 80,
      })),
      { metric: 'startup@1', variation, value: '', bin: slow, count: 2_000 },
    ]
    const arms = [bins(0, 3_000), bins(1, 9_000)] as const
    const { cells, silent } = quantileComparison(STARTUP, 0.05, arms, arms)
    assert.equal(silent, false)
    assert.ok(
      cells[0]!.interval[0]! <= 0 &&
        cells[0]!.interval[1]! >= 0 &&
        cells[1]!.difference === 6_000 &&
        cells[1]!.interval[0]! > 5_000,
      JSON.stringify(cells),
    )
    const few = [bins(0, 3_000).slice(0, 1), bins(1, 9_000).slice(0, 1)] as const
    assert.equal(quantileComparison(STARTUP, 0.05, few, few).silent, true)
  })
})
