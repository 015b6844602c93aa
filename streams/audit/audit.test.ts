import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Cut } from '../../platform/audit.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { DAY_MS } from '../../platform/time.ts'
import { audits, domains, migrations as popularity } from '../popularity/index.ts'
import { migrations as sink } from '../sink/migrations.ts'
import { idOf, land, RECEIVED, type Action } from '../touched/fixture.ts'
import { migrations as touched, settle } from '../touched/index.ts'
import { auditAggregate } from './aggregates.ts'
import { auditText, eraseRows, migrations, runAudit, type AuditReport, type JournalSource } from './index.ts'

describe('the audit', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-audit-'))
  let store: Store
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await migrate(store, [...sink, ...touched, ...popularity, ...migrations])
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  let turn = 0
  let journal: Buffer
  const act = (n: number, more: Partial<Action> = {}): Action => ({
    id: idOf(n, turn),
    clock: 'world',
    at: 1_000_000 + n * 60_000,
    profile: `p${n % 7}`,
    action: 'rating',
    title: `t${n % 5}`,
    rating: 400,
    received: RECEIVED,
    ...more,
  })
  const batch = (from: number, to: number): Action[] => Array.from({ length: to - from }, (_, i) => act(from + i))
  const letter = (offset: number, step = 'decode', raw = Buffer.alloc(0)): Promise<void> =>
    store.exec({
      sql: `INSERT INTO dead_letters (event_id, clock, event_time, received_time, source_topic, source_partition, source_offset, source_time, error_code, error_message, step, raw, raw_size, raw_sha256, _partition, _offset)
      SETTINGS insert_deduplicate = 0
      SELECT unhex({id:String}), 'live', now64(3), now64(3), 'viewer.actions', 0, {offset:Int64}, now64(3), 'poison', '', {step:String}, unhex({raw:String}), 0, unhex(repeat('00', 32)), 0, 0`,
      params: { id: idOf(offset, 999), offset, step, raw: raw.toString('hex') },
    })

  /** 40 offsets: 0-9, 10-29 and 31-39 landed, 30 dead; a letter stands twice, and one tells of an event that landed. */
  beforeEach(async () => {
    turn++
    for (const table of [
      'viewer_actions',
      'title_hour_events_v1',
      'title_hour_v1',
      'block_progress_v1',
      'sink_ledger_v1',
      'dead_letters',
      'erasures_v1',
      'audit_removed_v1',
      'sink_holes_v1',
    ])
      await store.exec(`TRUNCATE TABLE ${table}`)
    await land(store, batch(0, 10), { offset: 0, token: `${turn}-a` })
    await land(store, batch(10, 30), { offset: 10, token: `${turn}-b` })
    await land(store, batch(31, 40), { offset: 31, token: `${turn}-c` })
    const poison = Buffer.concat([Buffer.alloc(5), Buffer.from(idOf(30, turn), 'hex'), Buffer.from('rest')])
    await letter(30, 'insert', poison)
    await letter(30, 'insert', poison)
    await letter(12, 'identity')
    journal = Buffer.concat(Array.from({ length: 40 }, (_, n) => Buffer.from(idOf(n, turn), 'hex')))
    for (const domain of domains) await settle(store, domain)
  })

  const cut = (end = 40, start = 0): Cut => [
    { topic: 'viewer.actions', partition: 0, start, end },
    { topic: 'catalog.titles', partition: 0, start: 0, end: 77 },
  ]
  const source = (ids: Buffer): JournalSource => ({
    producer: 'world',
    topic: 'viewer.actions',
    async *ids() {
      // Pieces that cut ids apart, and a last id that a kill tore.
      for (let at = 0; at < ids.length; at += 100) yield ids.subarray(at, at + 100)
      yield Buffer.from('torn')
    },
  })
  const audit = (over: { cut?: Cut; journal?: Buffer; now?: number } = {}): Promise<AuditReport> =>
    runAudit({
      store,
      cut: over.cut ?? cut(),
      journals: [source(over.journal ?? journal)],
      aggregates: audits,
      now: over.now ?? RECEIVED + DAY_MS,
    })

  it('is green when every offset landed or died once, every id is there and every aggregate is equal', async () => {
    const report = await audit()
    assert.deepEqual(report.faults, [])
    assert.equal(report.ok, true)
    assert.deepEqual(
      report.partitions.map(({ topic, landed, dead, gaps, expired, erased }) => [
        topic,
        landed,
        dead,
        gaps,
        expired,
        erased,
      ]),
      [['viewer.actions', 39, 1, 0, 0, 0]],
    )
    assert.deepEqual(report.journals, [
      { producer: 'world', topic: 'viewer.actions', acknowledged: 40, missing: 0, examples: [] },
    ])
    assert.equal(report.aggregates[0]?.equal, true)
    assert.ok((report.aggregates[0]?.rows ?? 0) > 1)
    assert.match(auditText(report), /viewer\.actions\/0 +40 +39 +1 .* ok\n[^]*audit: ok\n$/)
  })

  it('answers at a cut: what lies past it is left out', async () => {
    await land(store, [act(50)], { offset: 45, token: `${turn}-later` })
    assert.deepEqual((await audit({ cut: cut(10), journal: journal.subarray(0, 160) })).faults, [])
    assert.deepEqual((await audit({ cut: cut(40, 10) })).faults, [])
    assert.match(
      (await audit({ cut: cut(46) })).faults.join(),
      /46 offsets, 41 accounted for as landed, dead or lost,.*neither landed nor dead: 40, 41, 42, 43, 44/,
    )
  })

  it('is red for a row that is missing: never landed, or gone from raw', async () => {
    await store.exec('DELETE FROM viewer_actions WHERE _offset = 15')
    const gone = await audit()
    assert.match(gone.faults[0] ?? '', /^viewer\.actions\/0: 39 landed by the ledger, 38 in raw/)
    assert.match(gone.faults[1] ?? '', /neither landed nor dead: 15$/)
    assert.match(
      gone.faults.join('\n'),
      new RegExp(`1 of 40 acknowledged events are neither landed nor dead: ${idOf(15, turn)}`),
    )
    assert.match(gone.faults.join('\n'), /title_hour_v1: stored and recomputed rows differ: .*world/)
    await store.exec('ALTER TABLE sink_ledger_v1 DELETE WHERE min_offset = 10 SETTINGS mutations_sync = 1')
    await store.exec('ALTER TABLE viewer_actions DELETE WHERE _offset BETWEEN 10 AND 29 SETTINGS mutations_sync = 1')
    assert.match(
      (await audit()).faults.join('\n'),
      /40 offsets, 20 accounted for[^]*neither landed nor dead: 10, 11, 12, 13, 14\n/,
    )
  })

  it('is red for a row that landed twice, though its aggregate need not be', async () => {
    await land(store, [act(20)], { offset: 20, token: `${turn}-again` })
    for (const domain of domains) await settle(store, domain)
    const { faults, aggregates } = await audit()
    assert.match(faults.join('\n'), /40 offsets, 41 accounted for[^]*landed twice: 20/)
    assert.equal(aggregates[0]?.equal, true)
  })

  it('is red for a row swapped for another, which counts alone would not show', async () => {
    await store.exec('ALTER TABLE viewer_actions UPDATE _offset = 16 WHERE _offset = 15 SETTINGS mutations_sync = 1')
    assert.match(
      (await audit()).faults.join('\n'),
      /39 landed by the ledger, 39 in raw[^]*neither landed nor dead: 15; landed twice: 16/,
    )
  })

  it('is red for an offset that landed and is a dead letter too', async () => {
    await letter(33)
    assert.match(
      (await audit()).faults.join('\n'),
      /40 offsets, 41 accounted for[^]*landed and also dead, lost or removed: 33/,
    )
  })

  it('is red for a wrong aggregate, and shows the rows', async () => {
    const [row] = await store.rows<{ line: string }>(
      "SELECT concat(toString(hour), ',\\'', title_id) AS line FROM title_hour_v1 FINAL ORDER BY hour, title_id LIMIT 1",
    )
    await store.exec(
      'INSERT INTO title_hour_v1 SELECT * REPLACE (ratings + 1 AS ratings, version + 1000 AS version) FROM title_hour_v1 FINAL ORDER BY hour, title_id LIMIT 1',
    )
    const { faults, aggregates } = await audit()
    assert.equal(faults.length, 1)
    assert.deepEqual(aggregates[0]?.differences.map((line) => line.split(' ')[0]).toSorted(), ['recomputed', 'stored'])
    assert.ok(
      aggregates[0]?.differences.every((line) => line.includes(row?.line ?? '?')),
      faults[0],
    )
  })

  it('proves an aggregate slice by slice as it does whole', async () => {
    const [aggregate] = audits
    const whole = await auditAggregate(store, aggregate!, cut())
    assert.ok(whole.equal && whole.rows > 3)
    assert.deepEqual(await auditAggregate(store, aggregate!, cut(), 4), whole)
    await store.exec(
      'INSERT INTO title_hour_v1 SELECT * REPLACE (ratings + 1 AS ratings, version + 1000 AS version) FROM title_hour_v1 FINAL ORDER BY hour, title_id LIMIT 1',
    )
    assert.equal((await auditAggregate(store, aggregate!, cut(), 4)).differences.length, 2)
  })

  it('is red for an acknowledged id that is nowhere', async () => {
    const { faults } = await audit({ journal: Buffer.concat([journal, Buffer.from(idOf(77, turn), 'hex')]) })
    assert.deepEqual(faults, [
      `world viewer.actions: 1 of 41 acknowledged events are neither landed nor dead: ${idOf(77, turn)}`,
    ])
  })

  it('looks again when events land while it compares', async () => {
    let busy = 2
    const settleAll = async (): Promise<void> => {
      for (const domain of domains) await settle(store, domain)
    }
    const moving: Store = {
      ...store,
      async rows<T>(query: Parameters<Store['rows']>[0]) {
        const answer = await store.rows<T>(query)
        // Right after the stored side was read, an event lands on a key that both sides had.
        if (busy > 0 && typeof query === 'string' && query.includes('title_hour_v1 FINAL') && query.includes('AS xor'))
          await land(store, [act(busy)], { offset: 60 + busy--, token: `${turn}-late-${busy}` })
        return answer
      },
    }
    const report = await runAudit({
      store: moving,
      cut: cut(),
      journals: [],
      aggregates: audits,
      settle: settleAll,
      now: RECEIVED + DAY_MS,
    })
    assert.deepEqual(report.faults, [])
    assert.equal(busy, 0)
  })

  it('knows gaps that an operator accepted', async () => {
    await land(store, [act(50)], { offset: 45, token: `${turn}-after-gap` })
    await store.exec("INSERT INTO sink_holes_v1 SELECT 'viewer.actions', 0, 40, 44, now64(3)")
    for (const domain of domains) await settle(store, domain)
    const report = await audit({ cut: cut(46) })
    assert.deepEqual(report.faults, [])
    assert.equal(report.partitions[0]?.gaps, 5)
  })

  it('counts erased rows by their entries', async () => {
    await land(
      store,
      [{ id: idOf(60, turn), clock: 'world', at: 90_000_000, profile: 'p3', action: 'erasure', received: RECEIVED }],
      { offset: 40, token: `${turn}-tombstone` },
    )
    const erasure = {
      topic: 'viewer.actions',
      clock: 'world',
      profile: 'p3',
      until: 90_000_000,
      id: idOf(60, turn),
      now: RECEIVED,
    } as const
    await eraseRows(store, erasure)
    await eraseRows(store, erasure)
    for (const domain of domains) await settle(store, domain)
    const report = await audit({ cut: cut(41) })
    assert.deepEqual(report.faults, [])
    assert.deepEqual(
      report.partitions.map(({ landed, erased }) => [landed, erased]),
      [[40, 6]],
    )
  })

  it('is red for rows that are gone before one with a log time of long ago, and not for that one', async () => {
    await land(store, [act(40, { received: -2_208_988_800_000 })], { offset: 40, token: `${turn}-year-one` })
    for (const domain of domains) await settle(store, domain)
    assert.deepEqual((await audit({ cut: cut(41) })).faults, [])
    await store.exec('ALTER TABLE viewer_actions DELETE WHERE _offset = 40 SETTINGS mutations_sync = 1')
    const [expired] = (await audit({ cut: cut(41) })).partitions
    assert.deepEqual([expired?.faults, expired?.expired], [[], 1])
    await store.exec('ALTER TABLE viewer_actions DELETE WHERE _offset < 25 SETTINGS mutations_sync = 1')
    assert.match((await audit({ cut: cut(41) })).faults.join('\n'), /neither landed nor dead: 0, 1, 2, 3, 4/)
  })

  it('lets the ledger speak for rows that expired', async () => {
    await store.exec('ALTER TABLE viewer_actions DELETE WHERE _offset < 10 SETTINGS mutations_sync = 1')
    const fresh = await audit()
    assert.match(fresh.faults.join('\n'), /39 landed by the ledger, 29 in raw/)
    const [place] = (await audit({ now: RECEIVED + 399 * DAY_MS })).partitions
    assert.deepEqual([place?.faults, place?.landed, place?.expired], [[], 39, 39])
  })
})
