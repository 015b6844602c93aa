import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import type { Store } from '../../../platform/clickhouse/index.ts'
import { outcomeTable } from '../../../streams/experiments/outcome.ts'
import { experiment, STALLED, STARTUP, WATCHED } from './fixture.ts'
import { clustersQuery, type ClusterRow } from './clusters.ts'
import { distributionOf, quantileComparison, type BinRow } from './quantile-cell.ts'
import { distributionQuery, sumsQueries, type Asked } from './queries.ts'
import { scorecardOf, type ScoreCell } from './scorecard.ts'
import type { SumsRow } from './sums.ts'

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
