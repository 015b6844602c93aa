import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { idOf, land } from '../touched/fixture.ts'
import { migrations as touched, recomputeStep, settle, type Memory } from '../touched/index.ts'
import { domains as popularity, migrations as popularityTables } from '../popularity/index.ts'
import { migrations as qoe } from '../qoe/index.ts'
import { landExposures, type Exposure } from './fixture.ts'
import { arms, audits, experimentsSeen, migrations, unitExposure, type ArmRow, type ExperimentSeen } from './index.ts'

describe('the first exposure of a unit', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-exposures-'))
  let store: Store
  let offset = 0
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await migrate(store, [
      ...landingMigrations('viewer.actions'),
      ...landingMigrations('experiment.exposures'),
      ...landingMigrations('playback.telemetry'),
      ...touched,
      ...popularityTables,
      ...qoe,
      ...migrations,
    ])
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const put = async (exposures: readonly Exposure[]): Promise<void> => {
    if (exposures.length === 0) return
    await landExposures(store, exposures, offset)
    offset += exposures.length
  }
  const state = async (clock: string): Promise<string> =>
    Buffer.from(
      await store.bytes(
        {
          sql: 'SELECT unit_id, first_ms, phase, variation, multiple, country FROM unit_exposure_v2 FINAL WHERE clock = {clock:String} AND exposed = 1 ORDER BY experiment_id, unit_id',
          params: { clock },
        },
        'TSV',
      ),
    ).toString()
  const armsOf = (clock: string, by?: 'country'): Promise<ArmRow[]> =>
    store.rows<ArmRow>(arms({ clock, experiment: 'x', unit: 'profile' }, by))

  it('is the earliest, of equal ones the least id; a late one moves the unit, and what it was then with it', async () => {
    const base = { clock: 'live', experiment: 'x', unit: 'u' }
    await put([{ ...base, id: idOf(5), at: 2_000, variation: 1, country: 'DE' }])
    await settle(store, unitExposure)
    assert.equal(await state('live'), 'u\t2000\t0\t1\t0\tDE\n')
    await put([
      { ...base, id: idOf(9), at: 1_000, variation: 1, country: 'FR' },
      { ...base, id: idOf(7), at: 1_000, variation: 1, country: 'NL' },
      { ...base, id: idOf(7), at: 1_000, variation: 1, country: 'NL' },
    ])
    await settle(store, unitExposure)
    assert.equal(await state('live'), 'u\t1000\t0\t1\t0\tNL\n')
  })

  it('is none when the variation was forced or the unit not enrolled', async () => {
    const base = { clock: 'none', experiment: 'x', at: 1_000, variation: 1 }
    await put([
      { ...base, id: idOf(20), unit: 'qa', forced: true },
      { ...base, id: idOf(21), unit: 'out', enrolled: false },
      { ...base, id: idOf(22), unit: '' },
    ])
    await settle(store, unitExposure)
    assert.equal(await state('none'), '')
  })

  it('tells who met several variations of one phase; a new phase may hash anew', async () => {
    const base = { clock: 'several', experiment: 'x', at: 1_000 }
    await put([
      { ...base, id: idOf(30), unit: 'a', variation: 0 },
      { ...base, id: idOf(31), unit: 'a', variation: 1, at: 2_000 },
      { ...base, id: idOf(32), unit: 'b', variation: 0 },
      { ...base, id: idOf(33), unit: 'b', variation: 1, phase: 1, at: 3_000 },
      { ...base, id: idOf(34), unit: 'c', variation: 1, phase: 1, at: 4_000 },
    ])
    await settle(store, unitExposure)
    assert.deepEqual(await armsOf('several'), [
      { phase: 0, variation: 0, units: 2, multiple: 1, from: 1_000, to: 1_000 },
      { phase: 1, variation: 1, units: 1, multiple: 0, from: 4_000, to: 4_000 },
    ])
  })

  it('is counted by what the unit was then, and by experiment', async () => {
    const base = { clock: 'counted', experiment: 'x', at: 1_000, variation: 0 }
    await put([
      { ...base, id: idOf(40), unit: 'a', country: 'DE' },
      { ...base, id: idOf(41), unit: 'b', country: 'FR', variation: 1 },
      { ...base, id: idOf(42), unit: 'a', experiment: 'y', at: 5_000 },
    ])
    await settle(store, unitExposure)
    assert.deepEqual(
      (await armsOf('counted', 'country')).map(({ variation, value, units }) => [variation, value, units]),
      [
        [0, 'DE', 1],
        [1, 'FR', 1],
      ],
    )
    assert.deepEqual(await store.rows<ExperimentSeen>(experimentsSeen('counted')), [
      { experiment: 'x', unit: 'profile', units: 2, variations: 2, from: 1_000, to: 1_000 },
      { experiment: 'y', unit: 'profile', units: 1, variations: 1, from: 5_000, to: 5_000 },
    ])
  })

  it('goes with a profile that asked to be forgotten', async () => {
    await put([
      { clock: 'gone', experiment: 'x', at: 1_000, variation: 0, id: idOf(50), unit: 'p' },
      { clock: 'gone', experiment: 'x', at: 1_000, variation: 0, id: idOf(51), unit: 'q' },
    ])
    await settle(store, unitExposure)
    await land(store, [{ id: idOf(52), clock: 'gone', at: 9_000, profile: 'p', action: 'erasure' }], { offset: 0 })
    for (const domain of popularity) await settle(store, domain)
    await put([{ clock: 'gone', experiment: 'x', at: 9_500, variation: 0, id: idOf(53), unit: 'r' }])
    await settle(store, unitExposure)
    assert.deepEqual(
      (await state('gone'))
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
      ['q', 'r'],
    )
  })

  it('goes with them where the job knows the units by heart, and comes back with what they do later', async () => {
    const memory: Memory = {}
    const steps = async (): Promise<string[]> => {
      while ((await recomputeStep(store, unitExposure, undefined, memory)).marks > 0);
      return (await state('heart'))
        .trim()
        .split('\n')
        .map((line) => line.split('\t').slice(0, 2).join(' '))
    }
    const met = (n: number, unit: string, at: number): Promise<void> =>
      put([{ clock: 'heart', experiment: 'x', at, variation: 0, id: idOf(n), unit }])
    for (const unit of ['p', 'q', 's']) await met(60 + unit.charCodeAt(0), unit, 1_000)
    assert.deepEqual(await steps(), ['p 1000', 'q 1000', 's 1000'])
    await met(54, 's', 9_700)
    await steps()
    await land(
      store,
      ['p', 's'].map((profile, n) => ({ id: idOf(55 + n), clock: 'heart', at: 9_000, profile, action: 'erasure' })),
      { offset: 100 },
    )
    for (const domain of popularity) await settle(store, domain)
    await met(57, 'r', 9_500)
    assert.deepEqual(await steps(), ['q 1000', 'r 9500', 's 9700'])
    await met(58, 'p', 500)
    assert.deepEqual(await steps(), ['q 1000', 'r 9500', 's 9700'], 'what was before the tombstone stays forgotten')
    await met(59, 'p', 9_900)
    assert.deepEqual(await steps(), ['p 9900', 'q 1000', 'r 9500', 's 9700'])
  })

  const exposure = fc.record({
    at: fc.nat(5),
    unit: fc.constantFrom('a', 'b', 'c'),
    variation: fc.nat(2),
    phase: fc.nat(1),
    country: fc.constantFrom('', 'NL'),
    forced: fc.boolean(),
  })
  const sequences = fc.record({
    exposures: fc.array(exposure, { minLength: 1, maxLength: 20 }),
    order: fc.infiniteStream(fc.nat(1_000)).map((stream) => () => stream.next().value as number),
  })
  let runs = 0

  it('depends on the set of events alone: shuffled, doubled, cut otherwise, recomputed in between', async () => {
    await fc.assert(
      fc.asyncProperty(sequences, async ({ exposures, order }) => {
        const run = runs++
        const events = (clock: string): Exposure[] =>
          exposures.map((given, n) => ({ ...given, id: idOf(n, 100 + run), clock, experiment: 'x' }))
        await put(events(`plain-${run}`))
        await settle(store, unitExposure)
        const wild = events(`wild-${run}`)
          .flatMap((event) =>
            order() % 2 === 0 ? [event] : [event, { ...event, received: 1_795_000_000_000 + order() }],
          )
          .map((event) => ({ event, key: order() }))
          .sort((a, b) => a.key - b.key)
          .map(({ event }) => event)
        const memory: Memory = {}
        for (let i = 0; i < wild.length;) {
          const size = 1 + (order() % 9)
          await put(wild.slice(i, i + size))
          // Some steps remember those before them, some do not: as after a kill, or in another process.
          if (order() % 2 === 0) await recomputeStep(store, unitExposure, 3, order() % 3 === 0 ? undefined : memory)
          i += size
        }
        while ((await recomputeStep(store, unitExposure, 3, memory)).marks > 0);
        await settle(store, unitExposure)
        assert.equal(await state(`wild-${run}`), await state(`plain-${run}`))
      }),
      { numRuns: 12 },
    )
  })

  it('equals its recomputation from the landing table, at any cut', async () => {
    const [audit] = audits
    assert.ok(audit !== undefined && typeof audit.stored === 'function' && typeof audit.recomputed === 'function')
    for (const end of [0, Math.floor(offset / 2), offset]) {
      const cut = [{ topic: 'experiment.exposures', partition: 0, start: 0, end }]
      const stored: Uint8Array = await store.bytes(audit.stored(cut, '1'), 'TSV')
      const recomputed: Uint8Array = await store.bytes(audit.recomputed(cut, '1'), 'TSV')
      assert.equal(Buffer.from(stored).toString(), Buffer.from(recomputed).toString())
      assert.equal(stored.length > 0, end > 0)
    }
  })
})
