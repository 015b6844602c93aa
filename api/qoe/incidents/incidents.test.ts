import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  migrations as detect,
  NO_INCIDENTS,
  observe,
  type Finding,
  type Incident,
} from '../../../models/detect/index.ts'
import { writeIncidents } from '../../../models/detect/stored.ts'
import { systemClock } from '../../../platform/clock.ts'
import { openEmbedded } from '../../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../../platform/clickhouse/index.ts'
import { readConfig } from '../../../platform/config.ts'
import { silentLogger } from '../../../platform/logger.ts'
import { openMetrics } from '../../../platform/metrics.ts'
import { landingMigrations } from '../../../schemas/landing.ts'
import { TOPIC_NAMES } from '../../../schemas/topics.ts'
import { beaconsOf, land } from '../../../streams/qoe/fixture.ts'
import { settle } from '../../../streams/qoe/session/fixture.ts'
import { migrations as qoe } from '../../../streams/qoe/index.ts'
import { startTestApi, type TestApi } from '../../../test/api-harness.ts'
import type { IncidentFound } from './schema.ts'

const T0 = Date.UTC(2026, 10, 23, 20)
const MINUTE = 60_000
const MUCH: Finding['evidence'][number] = {
  cause: { asn: '7' },
  score: 40,
  metric: 'rebuffer_ratio:cta2066',
  events: 90_000,
  expected: 0,
  excess: 90_000,
  share: 1,
  inside: Infinity,
  outside: 1,
}
const finding = (cause: Finding['cause'], since: number): Finding => ({
  cause,
  kind: 'anomaly',
  metrics: ['rebuffer_ratio:cta2066'],
  since,
  evidence: [{ ...MUCH, cause }],
  rate: 0.05,
  usualRate: 0,
  affected: [],
  shadows: [],
})
/** The first has ended, the second and the third go on. */
const ALL: readonly Incident[] = [
  [finding({ oca: 'oca-0' }, T0)],
  [finding({ asn: '7' }, T0 + 20 * MINUTE)],
  [finding({ asn: '7' }, T0 + 20 * MINUTE), finding({ country: 'DE' }, T0 + 25 * MINUTE)],
].reduce(
  (known, findings, i) =>
    observe(known, {
      clock: 'world',
      at: T0 + (2 + 20 * Math.min(i, 1) + 4 * Math.max(0, i - 1)) * MINUTE,
      findings,
      calmMs: 5 * MINUTE,
      most: 9,
    }),
  NO_INCIDENTS,
).all

interface Listed {
  readonly watermark: number
  readonly incidents: readonly IncidentFound[]
}
interface Problem {
  readonly code: string
}

describe('incidents over HTTP', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-incidents-'))
  let store: Store
  let api: TestApi
  before(async () => {
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    await migrate(store, [...TOPIC_NAMES.flatMap((topic) => landingMigrations(topic)), ...qoe, ...detect])
    await store.exec(
      writeIncidents(
        ALL.slice(0, 1).map((incident) => ({ ...incident, end: null })),
        1,
      ),
    )
    await store.exec(writeIncidents(ALL, 2))
    await land(
      store,
      beaconsOf(
        {
          session: 's',
          country: 'DE',
          start: T0,
          startup: 900,
          phases: [{ state: 'p', ms: 30 * MINUTE }],
          cuts: [],
          end: 'q',
        },
        'world',
      ).map((each) => ({ ...each, received: Date.now() })),
      { offset: 0 },
    )
    await settle(store)
    api = await startTestApi(
      {
        config: { ...readConfig({}), host: '127.0.0.1', port: 0, dataDir: dir },
        clock: systemClock,
        logger: silentLogger,
        metrics: openMetrics(),
      },
      { store },
    )
  })
  after(async () => {
    await api.stop()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const get = async <T>(path: string, status = 200, init: RequestInit = {}): Promise<T> => {
    const response = await fetch(`${api.url}${path}`, init)
    const text = await response.text()
    assert.equal(response.status, status, text)
    return JSON.parse(text) as T
  }
  const list = async (query: string): Promise<string[]> =>
    (await get<Listed>(`/v1/qoe/incidents?${query}`)).incidents.map(({ id }) => id)
  const post = <T = IncidentFound>(path: string, body: unknown, status = 200): Promise<T> =>
    get<T>(`/v1/qoe/incidents/${path}`, status, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const now = T0 + 30 * MINUTE + 900

  it('are listed newest first, by state and by the time in which they go on', async () => {
    assert.deepEqual(await list(''), ['world-3', 'world-2', 'world-1'])
    assert.deepEqual(
      [await list('state=open'), await list('state=closed'), await list('limit=1')],
      [['world-3', 'world-2'], ['world-1'], ['world-3']],
    )
    assert.deepEqual(
      [await list(`to=${T0 + 1}`), await list(`from=${T0 + 10 * MINUTE}`), await list('clock=live')],
      [['world-1'], ['world-3', 'world-2'], []],
    )
    assert.equal((await get<Listed>('/v1/qoe/incidents')).watermark, now)
  })

  it('are told with causes, and with questions that the API answers', async () => {
    const one = await get<IncidentFound>('/v1/qoe/incidents/world-1')
    assert.deepEqual(
      [one.state, one.title, one.filters, one.evidence[0]!.inside],
      ['ended', 'rebuffer_ratio:cta2066: oca oca-0', ['oca:oca-0'], null],
    )
    assert.deepEqual(one.period, { from: T0 - 10 * MINUTE, to: one.end! + MINUTE })
    const { sessions } = await get<{ sessions: { session_id: string; parts: { metric: string }[] }[] }>(
      one.links.sessions,
    )
    assert.deepEqual(
      sessions.map(({ session_id, parts }) => [session_id, parts[0]!.metric]),
      [['s', 'rebuffer_ratio:cta2066']],
    )
    assert.equal(
      (await get<{ answers: { rows: { sessions: number }[] }[] }>(one.links.metrics)).answers[0]!.rows[0]!.sessions,
      1,
    )
    await get(one.links.errors)
  })

  it('are acknowledged by the first who says so, muted until a time, and told again', async () => {
    const first = await post('world-2/acknowledge', { by: 'ada' })
    assert.deepEqual([first.state, first.acknowledged!.by], ['acknowledged', 'ada'])
    assert.equal((await post('world-2/acknowledge', { by: 'bob' })).acknowledged!.by, 'ada')
    const muted = await post('world-2/mute', { by: 'bob', until: now + MINUTE })
    assert.deepEqual(
      [
        muted.state,
        muted.muted!.until,
        (await get<Listed>('/v1/qoe/incidents?state=open')).incidents.map(({ state }) => state),
      ],
      ['muted', now + MINUTE, ['open', 'muted']],
    )
    const again = await post('world-2/unmute', { by: 'ada' })
    assert.deepEqual(
      [again.state, again.muted, again.actions.map(({ kind, by }) => `${kind} ${by}`)],
      ['acknowledged', null, ['acknowledge ada', 'acknowledge bob', 'mute bob', 'unmute ada']],
    )
  })

  it('refuse what cannot be, with a code', async () => {
    const code = async (answer: Promise<Problem>): Promise<string> => (await answer).code
    assert.equal(await code(get('/v1/qoe/incidents/world-9', 404)), 'API_INCIDENT_UNKNOWN')
    assert.equal(await code(post('world-9/acknowledge', { by: 'ada' }, 404)), 'API_INCIDENT_UNKNOWN')
    assert.equal(await code(post('world-1/mute', { by: 'ada', until: now + MINUTE }, 409)), 'API_INCIDENT_ENDED')
    for (const until of [now, now + 31 * 86_400_000])
      assert.equal(await code(post('world-3/mute', { by: 'ada', until }, 400)), 'API_INCIDENT_TIME')
    for (const body of [{}, { by: ' ' }, { by: 'ada', until: 'soon' }])
      assert.equal(await code(post('world-3/mute', body, 400)), 'API_QUERY_INVALID')
    for (const query of ['state=gone', 'limit=0', 'from=x', `from=${T0}&to=${T0}`])
      assert.equal(await code(get(`/v1/qoe/incidents?${query}`, 400)), 'API_QUERY_INVALID')
    assert.deepEqual((await get<IncidentFound>('/v1/qoe/incidents/world-3')).actions, [])
  })
})
