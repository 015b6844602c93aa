import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import type { Store } from '../../../platform/clickhouse/index.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { outcomeTable } from '../../../streams/experiments/outcome.ts'
import { crossingOf, type CrossedCount, type CrossedRow, type Crossing } from './crossing.ts'
import { experiment as sample, STALLED, WATCHED } from './fixture.ts'
import { crossedCounts, crossedSums } from './queries.ts'

const experiment = (id: string, over: Partial<RegisteredExperiment> = {}): RegisteredExperiment =>
  sample({ id, metrics: { primary: [WATCHED, STALLED], guardrail: [], secondary: [] }, plannedUnits: 20_000, ...over })

describe('two experiments on the same units', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-crossing-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir: dir, database: 'playloop' })
    await store.exec(outcomeTable)
  })
  after(async () => {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  /** Outcomes of units 0…20,000; variation, phase, value and denominator as SQL over their number n. */
  const put = (
    id: string,
    {
      variation = 'cityHash64(n, {id:String}) % 2',
      phase = '0',
      value = '1000 + n % 97',
      per = '10',
    }: { variation?: string; phase?: string; value?: string; per?: string } = {},
  ): Promise<void> =>
    store.exec({
      sql: `INSERT INTO unit_outcome_v1 SELECT 'live', {id:String}, each, toString(n), 0, ${phase}, variation, n, n + 1, 0, '', '', 0, '', -1, if(each = 'watched@1', ${value}, intDiv(${value}, 10)), if(each = 'watched@1', 1, ${per}), 0, 1, -1, [], [], -1, 1
      FROM (SELECT number AS n, toInt32(${variation}) AS variation FROM numbers(20000)) ARRAY JOIN ['watched@1', 'stalled@1'] AS each`,
      params: { id },
    })
  const crossing = async (own: RegisteredExperiment, other: RegisteredExperiment): Promise<Crossing> => {
    const asked = { experiment: own, metrics: [WATCHED, STALLED], now: 1e9 }
    return crossingOf(
      [own, other],
      asked.metrics,
      await store.rows<CrossedCount>(crossedCounts(asked, other)),
      await store.rows<CrossedRow>(crossedSums(asked, other)),
    )
  }
  const found = ({ interactions }: Crossing): boolean[] => interactions.map(({ discovery }) => discovery)

  it('can be read apart where neither changes the other, whatever both do', async () => {
    await put('y')
    await put('apart', { value: "1000 + n % 97 + 30 * variation + 20 * (cityHash64(n, 'y') % 2)" })
    const { overlap, interactions, with: name } = await crossing(experiment('apart'), experiment('y'))
    assert.deepEqual([name, overlap.units, overlap.alert], ['y', 20_000, false])
    assert.deepEqual(
      interactions.map(({ metric, discovery, reason }) => [metric, discovery, reason]),
      [
        ['watched', false, ''],
        ['stalled', false, ''],
      ],
    )
    assert.ok(interactions.every(({ absolute }) => absolute!.interval[0] < 0 && absolute!.interval[1] > 0))
    assert.equal(
      Object.values(interactions[0]!.units).reduce((sum, units) => sum + units),
      20_000,
    )
  })

  it('are told where one works only beside the other, in its own unit', async () => {
    await put('beside', { value: "1000 + n % 97 + 30 * variation * (cityHash64(n, 'y') % 2)" })
    const both = await crossing(experiment('beside'), experiment('y'))
    assert.deepEqual(found(both), [true, true])
    const [{ absolute: watched }, { absolute: stalled }] = both.interactions as [
      Crossing['interactions'][number],
      Crossing['interactions'][number],
    ]
    assert.ok(
      watched!.interval[0] < 30 && watched!.interval[1] > 30 && watched!.interval[0] > 20,
      JSON.stringify(watched),
    )
    assert.ok(Math.abs(stalled!.effect - watched!.effect / 100) < 0.02, JSON.stringify(stalled))
  })

  it('are no experiments of their own where they bucket by the same hash', async () => {
    await put('twin', { variation: "cityHash64(n, 'y') % 2" })
    const { overlap, interactions } = await crossing(experiment('twin'), experiment('y'))
    assert.ok(overlap.alert && overlap.logE > 1_000 && overlap.shareError > 0.2)
    assert.equal(interactions[0]!.reason, 'there are too few units')
  })

  it('are compared within their phases: other weights on a better day are no interaction', async () => {
    const phases = [
      { phase: 0, from: 0, weights: [0.9, 0.1] },
      { phase: 1, from: 1, weights: [0.5, 0.5] },
    ]
    const other = experiment('ramped', { phases })
    await put('ramped', {
      phase: 'n >= 10000',
      variation: "n >= 10000 ? cityHash64(n, 'r') % 2 : cityHash64(n, 'r') % 10 = 0",
    })
    await put('days', {
      phase: 'n >= 10000',
      variation: "n >= 10000 ? cityHash64(n, 'd') % 2 : cityHash64(n, 'd') % 10 = 0",
      value: '1000 + n % 97 + 40 * (n >= 10000)',
    })
    const { overlap, interactions } = await crossing(experiment('days', { phases }), other)
    assert.equal(overlap.alert, false)
    assert.deepEqual(
      interactions.map(({ discovery, reason }) => [discovery, reason]),
      [
        [false, ''],
        [false, ''],
      ],
    )
    // The lighter arms of either draw as many of the heavier ones as they hold themselves.
    const { controlControl, treatmentTreatment } = interactions[0]!.units
    assert.ok(Math.abs(controlControl / treatmentTreatment - 1) < 0.1, JSON.stringify(interactions[0]!.units))
  })

  it('say so where no unit is in both', async () => {
    const { overlap, interactions } = await crossing(experiment('y'), experiment('nowhere'))
    assert.deepEqual(
      [overlap, interactions[0]!.reason],
      [{ units: 0, logE: 0, shareError: 0, alert: false }, 'there are no units'],
    )
  })
})
