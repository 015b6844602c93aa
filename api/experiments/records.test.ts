import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { DecisionRecord, StoredDecision } from '../../models/experiments/index.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import type { ListedDecision, Reproduction } from './records.ts'
import { draft, HOUR, hourly, openExperimentsApi, T, type ExperimentsApi, type Problem } from './testing.ts'

describe('decisions as records', () => {
  let api: ExperimentsApi
  const at = { as_of: T + 2 * HOUR }
  const reproduce = (number: number): Promise<Reproduction> => api.get(`/x/decisions/${number}/reproduce`)
  before(async () => {
    api = await openExperimentsApi()
    await api.post('/metrics', { metric: { ...hourly, margin: 0.1 } }, 201)
    await api.post('', { ...draft, metrics: { primary: ['plays'] } }, 201)
  })
  after(() => api.close())

  it('are about experiments that were started, and name the arm that is shipped', async () => {
    const faults = async (body: object): Promise<string[]> =>
      (await api.post<Problem>('/x/decisions', body, 422)).faults!.map((each) => each.at)
    assert.deepEqual(await faults({ choice: 'keep running' }), ['choice'])
    await api.post('/x/start', {})
    assert.deepEqual(await faults({ choice: 'ship' }), ['variation'])
    assert.deepEqual(await faults({ choice: 'ship', variation: 2 }), ['variation'])
    assert.deepEqual(await faults({ choice: 'ship', variation: 1, operation: { action: 'ramp' } }), ['coverage'])
    assert.deepEqual(await api.get('/x/decisions'), { decisions: [] })
  })

  it('come out of the log again, byte for byte, after a week of late data', async () => {
    await api.expose(1, 600)
    const { record, sha256 } = await api.post<StoredDecision>(
      '/x/decisions',
      { ...at, choice: 'keep running', note: 'too early' },
      201,
    )
    assert.deepEqual(
      [record.number, record.by, record.note, record.operation, record.shown.verdict],
      [1, 'ada', 'too early', null, 'keep running'],
    )
    assert.match(sha256, /^[0-9a-f]{64}$/)
    assert.deepEqual(
      record.shown.cells.map(({ metric, units }) => [metric, units]),
      [['plays', { control: 300, treatment: 300 }]],
    )
    const shown = await api.get<object>(`/x/decision?as_of=${T + 2 * HOUR}`)
    // Late: exposures of new units, outcomes of old ones, and an exposure before the first that was known.
    await api.expose(601, 400)
    await land(
      api.store,
      Array.from({ length: 100 }, (_, i) => ({
        ...{ id: idOf(i, 7), clock: 'live', at: T + i + 5_000, profile: `u${1 + 2 * i}`, action: 'play', title: 't' },
      })),
      { offset: 1_000 },
    )
    await api.expose(2_000, 2)
    assert.notDeepEqual(await api.get(`/x/decision?as_of=${T + 2 * HOUR}`), shown)
    const again = await reproduce(1)
    assert.deepEqual([again.same, again.intact, again.differences], [true, true, []])
    assert.equal(again.recorded, again.found)
    assert.deepEqual((await api.get<StoredDecision>('/x/decisions/1')).record, record)
  })

  it('take their operation with them, as one entry of the trail', async () => {
    const { record } = await api.post<StoredDecision>(
      '/x/decisions',
      { ...at, choice: 'ship', variation: 1, operation: { action: 'ramp', coverage: 1 } },
      201,
    )
    await api.post('/x/decisions', { ...at, choice: 'roll back', revision: record.shown.revision }, 409)
    await api.post('/x/decisions', { ...at, choice: 'roll back', note: 'second thoughts' }, 201)
    const { revisions } = await api.get<{ revisions: { action: string; decision?: number; state: string }[] }>(
      '/x/revisions',
    )
    assert.deepEqual(
      revisions.slice(-2).map(({ action, decision, state }) => [action, decision, state]),
      [
        ['ramp', 2, 'running'],
        ['stop', 3, 'stopped'],
      ],
    )
    const { decisions } = await api.get<{ decisions: ListedDecision[] }>('/x/decisions')
    assert.deepEqual(
      decisions.map(({ number, choice, carriedOut }) => [number, choice, carriedOut]),
      [
        [3, 'roll back', true],
        [2, 'ship', true],
        [1, 'keep running', null],
      ],
    )
    assert.equal((await reproduce(3)).same, true)
    assert.equal((await api.get<Problem>('/x/decisions/9', 404)).code, 'API_DECISION_UNKNOWN')
  })

  it('say where they were changed, and what does not come out', async () => {
    const change = (from: string, to: string, number: number): Promise<void> =>
      api.store.exec(
        `ALTER TABLE experiment_decision_v1 UPDATE body = replaceOne(body, '${from}', '${to}') WHERE number = ${number} SETTINGS mutations_sync = 1`,
      )
    await change('"treatment":300', '"treatment":301', 1)
    const changed = await reproduce(1)
    assert.deepEqual([changed.same, changed.intact], [false, false])
    assert.deepEqual(changed.differences, [{ at: 'cells.0.units.treatment', recorded: 301, found: 300 }])
    // The record after it does not follow it any more.
    assert.deepEqual([(await reproduce(2)).same, (await reproduce(2)).intact], [true, false])
    // Somebody asked to be forgotten: nobody is brought back.
    const { offsets } = (await api.get<{ record: DecisionRecord }>('/x/decisions/3')).record.shown
    const end = Math.max(...offsets.map(({ offset }) => offset)) + 1_000
    const erasure = { id: idOf(1, 8), clock: 'live', at: T + 9 * HOUR, profile: 'u2', action: 'erasure', title: '' }
    await land(api.store, [erasure], { offset: end })
    await api.expose(3_000, 2)
    const { same, differences } = await reproduce(3)
    assert.equal(same, false)
    assert.ok(differences.some((each) => each.at.startsWith('health.phases')))
  })
})
