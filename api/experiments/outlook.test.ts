import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { domains } from '../../streams/experiments/index.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import { settle } from '../../streams/touched/index.ts'
import type { OutlookAnswer } from './answers.ts'
import { HOUR, openExperimentsApi, T, type ExperimentsApi, type Problem } from './testing.ts'

const DAY = 24 * HOUR
const WATCHED = 'watch_time.unit.cap999:playloop'
const asked = {
  id: 'x',
  clock: 'past',
  unit: 'profile',
  variations: [{ key: 'a' }, { key: 'b' }],
  metrics: { primary: [WATCHED] },
  plannedUnits: 1_000,
}

/** Two thousand profiles, 200 new ones a day from the tenth day before T; each comes back every day. */
const SESSIONS = `SELECT number % 2000 AS profile, intDiv(number, 2000) AS day, ${T} - ${10 * DAY} + day * ${DAY} + 1 AS at
  FROM numbers(20000) WHERE day >= intDiv(profile, 200)`

describe('what an experiment could find', () => {
  let api: ExperimentsApi
  const outlook = (body: object = {}, status = 200): Promise<OutlookAnswer> =>
    api.post('/plan/preview', { ...asked, ...body, by: undefined }, status)
  before(async () => {
    api = await openExperimentsApi()
    await api.store
      .exec(`INSERT INTO unit_session_v1 (clock, profile_id, household_id, session_id, instance, at_ms, media_ms)
      SELECT 'past', concat('p', toString(profile)), concat('h', toString(profile % 500)), concat('s', toString(profile), '-', toString(day)), 1, at, 60000 * (1 + profile % 7)
      FROM (${SESSIONS})`)
    await api.store
      .exec(`INSERT INTO qoe_session_v1 (clock, session_id, instance, session_start, country, device, parts_asn, parts_app_version)
      SELECT 'past', concat('s', toString(profile), '-', toString(day)), 1, at, if(profile % 4 = 0, 'DE', 'FR'), if(profile % 2 = 0, 'tv', 'phone'), [3320], ['1.0']
      FROM (${SESSIONS})`)
    const one = { id: idOf(1), clock: 'past', at: T, profile: 'p0', action: 'play', title: 't' }
    await land(api.store, [one], { offset: 0 })
    for (const domain of domains) await settle(api.store, domain)
  })
  after(() => api.close())

  it('says who of the last week would take part, by country and device', async () => {
    const { audience, observed_days: days } = await outlook({
      bucketing: { condition: { country: 'DE', plan: 'gold' } },
    })
    assert.deepEqual([audience.units, audience.in, audience.unknown, audience.sampled], [2_000, 0, ['plan'], 1])
    assert.equal(Math.round(days), 10)
    const { audience: some } = await outlook({ bucketing: { condition: { country: 'DE' } } })
    assert.deepEqual(some.country, [
      { value: 'FR', units: 1_500, in: 0 },
      { value: 'DE', units: 500, in: 500 },
    ])
    assert.deepEqual(
      some.device.map(({ value, in: inside }) => [value, inside]),
      [
        ['phone', 0],
        ['tv', 500],
      ],
    )
    const { audience: half } = await outlook({ bucketing: { coverage: 0.5 } })
    assert.ok(Math.abs(half.in - 1_000) < 100, `${half.in}`)
  })

  it('says which effect is found after how many days, from when windows close', async () => {
    const { metrics } = await outlook()
    const [{ days, past, window_days: window, reason }] = metrics as [OutlookAnswer['metrics'][number]]
    assert.deepEqual([reason, window, past!.units], ['', 7, 2_000])
    assert.deepEqual([days[5]!.units, days[7]!.units, days[11]!.units], [0, 400, 1_200])
    assert.equal(days[6]!.effect, null)
    const effects = days.flatMap(({ effect }) => effect ?? [])
    assert.ok(effects.length > 30 && effects.every((effect, i) => i === 0 || effect <= effects[i - 1]!))
    const uneven = await outlook({
      variations: [
        { key: 'a', weight: 0.9 },
        { key: 'b', weight: 0.1 },
      ],
    })
    assert.equal(uneven.metrics[0]!.days[11]!.units, 240, 'arms are compared by equally large samples')
    const many = await outlook({ metrics: { primary: [WATCHED, 'play_failures', 'startup.unit.quantiles:cta2066'] } })
    assert.ok(many.metrics[0]!.days[20]!.effect! > days[20]!.effect!, 'three metrics share one error rate')
    assert.deepEqual(
      many.metrics.map((each) => each.reason),
      ['', 'no data', 'no data'],
    )
  })

  it('counts households by what all of their profiles did, and knows no devices', async () => {
    const { audience, metrics } = await outlook({ unit: 'household', plannedUnits: undefined })
    assert.deepEqual([audience.units, metrics[0]!.past!.units], [500, 500])
    const devices = await outlook({ unit: 'device' })
    assert.deepEqual([devices.audience.units, devices.metrics[0]!.reason], [0, 'no data'])
  })

  it('needs no metric, and says what is wrong', async () => {
    assert.equal((await outlook({ metrics: undefined })).metrics.length, 0)
    const problem = async (body: object, status: number): Promise<string> => {
      const { code, faults } = (await outlook(body, status)) as unknown as Problem
      return faults?.[0]?.at ?? code
    }
    assert.equal(await problem({ metrics: { primary: ['sales'] } }, 422), 'metrics.primary.0')
    assert.equal(await problem({ bucketing: { condition: { a: { $isin: 1 } } } }, 422), 'bucketing.condition')
    assert.equal(await problem({ clock: 'never' }, 409), 'API_CLOCK_SILENT')
  })
})
