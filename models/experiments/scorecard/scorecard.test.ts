import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import type { Store } from '../../../platform/clickhouse/index.ts'
import { seeded } from '../../../platform/random.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { outcomeTable } from '../../../streams/experiments/outcome.ts'
import { cuped, effectOf, estimateOf, fiellerInterval, isComputed, momentsOf } from '../statistics/index.ts'
import { estimate } from './estimate.ts'
import { experiment, STALLED, STARTUP, WATCHED } from './fixture.ts'
import { keptShares } from './even.ts'
import { gateOf } from './gate.ts'
import { lateness, sampleRatio, sampleRatioBy } from './health.ts'
import { clustersQuery, type ClusterRow } from './clusters.ts'
import { distributionOf, quantileComparison, type BinRow } from './quantile-cell.ts'
import { distributionQuery, sumsQueries, type Asked } from './queries.ts'
import { scorecardOf, type ScoreCell } from './scorecard.ts'
import { addSums, NOTHING, type Sums, type SumsRow } from './sums.ts'
import { timeseriesOf } from './timeseries.ts'

interface Unit {
  readonly variation: number
  readonly y: number
  readonly d?: number
  readonly x?: number
  readonly e?: number
  readonly seen?: number
  readonly phase?: number
  readonly closes?: number
}
const sumsOf = (units: readonly Unit[]): Sums =>
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
const rowsOf = (units: readonly Unit[], metric: MetricDefinition, step = 0): SumsRow[] =>
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
const asSums = (units: readonly Unit[]) => {
  const { n, y, yy } = sumsOf(units)
  return { n, sum: y, sumSquares: yy }
}
const random = seeded(7)
const drawn = (n: number, effect = 0, phase = 0, share = 0.5): Unit[] =>
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
const only = (units: readonly Unit[], over: Partial<RegisteredExperiment> = {}): ScoreCell => {
  const { cells } = scorecardOf(
    experiment({ metrics: { primary: [WATCHED], guardrail: [], secondary: [] }, ...over }),
    [{ slice: null, rows: rowsOf(units, WATCHED) }],
    0,
  )
  return cells[0]!
}

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

describe('the shares of the arms', () => {
  it('alert when exposures of one arm come late', () => {
    const arm = (variation: number, late: number) => ({ variation, units: 10_000, late })
    assert.deepEqual(
      [lateness([arm(0, 100), arm(1, 104)]).alert, lateness([arm(0, 100), arm(1, 300)]).alert, lateness([]).alert],
      [false, true, false],
    )
  })

  const count = (variation: number, units: number, value = '', phase = 0) => ({
    phase,
    variation,
    units,
    multiple: 0,
    value,
  })
  it('alert on evidence and size together, and on any leak', () => {
    assert.equal(sampleRatio(experiment(), [count(0, 50_000), count(1, 50_200)]).alert, false)
    assert.equal(sampleRatio(experiment(), [count(0, 50_000), count(1, 52_000)]).alert, true)
    const off = experiment({ phases: [{ phase: 0, from: 0, weights: [1, 0] }] })
    assert.deepEqual(
      [sampleRatio(off, [count(0, 500)]).alert, sampleRatio(off, [count(0, 500), count(1, 1)]).leaked],
      [false, 1],
    )
  })
  it('find the country that is wrong', () => {
    const { values, alert } = sampleRatioBy(experiment(), [
      count(0, 9_000, 'DE'),
      count(1, 9_000, 'DE'),
      count(0, 9_000, 'FR'),
      count(1, 7_500, 'FR'),
    ])
    assert.deepEqual([values[0]!.value, alert], ['FR', true])
  })
  it('are made equal by hash where weights are not', () => {
    assert.deepEqual(
      keptShares([0.9, 0.1]).map((share) => Math.round(share * 1e6)),
      [111_111, 1_000_000],
    )
    assert.deepEqual(keptShares([0.5, 0.5, 0]), [1, 1, 1])
  })
})

describe('sums of outcomes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-sums-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await store.exec(outcomeTable)
    await store.exec('SYSTEM STOP MERGES unit_outcome_v1')
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const put = (clock: string, units: readonly number[], version: number, scale = 1): Promise<void> =>
    store.exec(`INSERT INTO unit_outcome_v1
    SELECT '${clock}', 'x', each.1, toString(n), n % 50 = 0, 0, cityHash64(n) % 2, n, n + 1000, n % 3 > 0, if(n % 2 = 0, 'DE', 'FR'), '', 0, '', -1,
      each.2 * ${scale}, each.3, n % 70, 1, 5, if(each.1 = 'startup@1', [toInt64(n % 40), toInt64(9007199254740991)], []), if(each.1 = 'startup@1', [1, 1], []), if(each.1 = 'startup@1', n % 40, -1), ${version}
    FROM (SELECT arrayJoin([${units.join(',')}]) AS n) ARRAY JOIN [('watched@1', toInt64(n % 90), toInt64(1)), ('stalled@1', toInt64(n % 7), toInt64(100)), ('startup@1', toInt64(0), toInt64(1))] AS each`)
  const sums = async (asked: Asked): Promise<SumsRow[]> =>
    (await Promise.all(sumsQueries(asked).map((query) => store.rows<SumsRow>(query)))).flat()
  const card = async (clock: string): Promise<string> => {
    const asked = { experiment: experiment({ clock }), metrics: [WATCHED, STALLED], now: 3_000 }
    const tables = [
      { slice: null, rows: await sums(asked) },
      {
        slice: { name: 'country' as const, value: 'DE', adHoc: true },
        rows: (await sums({ ...asked, by: 'country' })).filter(({ value }) => value === 'DE'),
      },
    ]
    const distributions = await Promise.all(
      (['all', 'picked'] as const).map((kind) => store.rows(distributionQuery({ ...asked, metrics: [STARTUP] }, kind))),
    )
    return JSON.stringify([scorecardOf(asked.experiment, tables, asked.now), distributions])
  }

  it('are those of one part when a unit was written five times into five parts that never merged', async () => {
    const units = Array.from({ length: 3_000 }, (_, n) => n)
    await put('one', units, 5)
    for (let version = 1; version <= 5; version++) await put('five', units, version, version === 5 ? 1 : version + 3)
    const [one, five] = [await card('one'), await card('five')]
    assert.equal(five, one)
    const { cells } = (JSON.parse(one) as [{ cells: ScoreCell[] }])[0]
    assert.ok(
      cells.every(({ absolute, openUnits }) => absolute !== null && openUnits > 0),
      one.slice(0, 2_000),
    )
  })

  it('know that sessions of a unit are alike: ten times the same session is no ten sessions', async () => {
    const insert = (clock: string, copies: number): Promise<void> =>
      store.exec(`INSERT INTO unit_outcome_v1 SELECT '${clock}', 'x', 'startup@1', toString(n), 0, 0, n % 2, n, n + 1, 0, '', '', 0, '', -1, 0, 1, 0, 1, -1,
      [toInt64(500 + (n * 7919) % 1000 + n % 2 * 60)], [toUInt64(${copies})], -1, 1 FROM (SELECT number AS n FROM numbers(4000))`)
    await insert('single', 1)
    await insert('tenfold', 10)
    const answer = async (clock: string) => {
      const asked = { experiment: experiment({ clock }), metrics: [STARTUP], now: 1e9 }
      const all = await store.rows<BinRow>(distributionQuery(asked, 'all'))
      const arms = [0, 1].map((variation) => all.filter((row) => row.variation === variation)) as [BinRow[], BinRow[]]
      const rows = await store.rows<ClusterRow>(
        clustersQuery(
          asked,
          STARTUP,
          arms.map((own) => STARTUP.levels!.map(distributionOf(own).quantile)),
        ),
      )
      return quantileComparison(STARTUP, 0.05, arms, arms, [rows[0]!, rows[1]!]).cells[0]!
    }
    const [single, tenfold] = [await answer('single'), await answer('tenfold')]
    assert.ok(single.once!.interval[0] < 60 && single.once!.interval[1] > 60)
    const width = ({ once }: typeof single): number => once!.interval[1] - once!.interval[0]
    assert.ok(Math.abs(width(tenfold) / width(single) - 1) < 0.2, JSON.stringify([single, tenfold]))
  })
})
