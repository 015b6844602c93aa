import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualClock } from '../../platform/clock.ts'
import { openReserve } from '../../platform/disk/reserve.ts'
import { openAuth } from '../../platform/http/index.ts'
import { nowhere } from '../../platform/geo/port.ts'
import { beat, collector, ndjson, URL } from './harness.ts'

const page = { origin: 'https://play.example' }
const SECRET = '0123456789abcdef'

describe('refusals of the framework', () => {
  for (const [name, url, status, code] of [
    ['an address that is no UTF-8', '/v1/events/%ff', 400, 'HTTP_BAD_URL'],
    ['a topic of 101 characters', `/v1/events/${'x'.repeat(101)}`, 404, 'COLLECTOR_TOPIC_UNKNOWN'],
    ['a topic beyond the router', `/v1/events/${'x'.repeat(5_000)}`, 414, 'HTTP_URL_TOO_LONG'],
  ] as const)
    it(`${name}: a problem that a page can read, and counted`, async () => {
      const { app, post } = await collector()
      const answer = await post(ndjson(beat()), page, url)
      assert.deepEqual([answer.statusCode, answer.json().code], [status, code])
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
      assert.equal(answer.headers['access-control-allow-origin'], '*')
      assert.ok((await app.inject('/metrics')).body.includes(`playloop_collector_refused_total{code="${code}"} 1`))
    })

  it('another method with a body that nobody reads is 405, with what is served', async () => {
    const { app } = await collector()
    for (const method of ['PUT', 'PROPFIND'] as const) {
      const answer = await app.inject({ method: method as 'PUT', url: URL, payload: '{', headers: page })
      assert.deepEqual([answer.statusCode, answer.headers['allow']], [405, 'POST, OPTIONS'])
    }
  })
})

describe('a page that asks what became of its records', () => {
  for (const requested of [
    'content-type,prefer',
    'content-type,prefer,traceparent,tracestate,baggage',
    'authorization,b3,content-type,sentry-trace,x-b3-traceid,x-datadog-trace-id,x-request-id',
  ])
    it(`may send ${requested}, and read what was applied and when to send again`, async () => {
      for (const [origins, url] of [
        [['*'], '/v1/cmcd'],
        [[page.origin], '/v1/cmcd/requests'],
        [[page.origin], URL],
      ] as const) {
        const { app } = await collector({ corsOrigins: origins })
        const { statusCode, headers } = await app.inject({
          method: 'OPTIONS',
          url,
          headers: {
            ...page,
            'access-control-request-method': 'POST',
            'access-control-request-headers': requested,
          },
        })
        const names = (header: string): string[] => String(headers[header]).split(', ')
        const allowed = new Set(names('access-control-allow-headers'))
        assert.deepEqual([statusCode, requested.split(',').filter((name) => !allowed.has(name))], [204, []])
        assert.deepEqual(names('access-control-expose-headers'), ['retry-after', 'preference-applied'])
        assert.equal(headers['access-control-allow-origin'], origins[0])
        assert.match(String(headers['access-control-allow-methods']), /POST/)
      }
    })
})

describe('the OpenAPI document of the collector', () => {
  it('names every operation with its media types, scope and statuses', async () => {
    const { app } = await collector({ ingestKeys: ['a-key'] })
    const { paths } = (await app.inject('/openapi.json')).json<{
      paths: Record<
        string,
        { post?: { requestBody: { content: object }; security: object[]; responses: Record<string, object> } }
      >
    }>()
    const told = Object.entries(paths).flatMap(([path, { post }]) =>
      post === undefined
        ? []
        : [[path, Object.keys(post.requestBody.content).at(0), Object.keys(post.responses).join(), post.security]],
    )
    const security = [{ bearer: ['write:events'] }]
    assert.deepEqual(told, [
      ['/v1/events/{topic}', 'application/x-ndjson', '202,400,401,403,404,413,415,429,500,503', security],
      ['/v1/cmcd', 'application/cmcd', '200,204,400,401,403,410,413,415,429,500,503', security],
      ['/v1/cmcd/requests', 'application/x-ndjson', '200,204,400,401,403,413,415,429,500,503', security],
    ])
  })
})

describe('a disk without room', () => {
  it('is 503 with Retry-After for events and at /health/ready; all are taken once there is room', async () => {
    let free = 0
    const reserve = openReserve({ folders: ['/data'], bytes: 1_000, freeOf: () => free })
    const { app, post, stored } = await collector({}, {}, nowhere, undefined, reserve)
    const event = beat()
    const refused = await post(ndjson(event), page)
    assert.deepEqual([refused.statusCode, refused.json().code, refused.headers['retry-after']], [503, 'DISK_LOW', '5'])
    const ready = await app.inject('/health/ready')
    assert.deepEqual([ready.statusCode, ready.json().code], [503, 'DISK_LOW'])
    assert.ok((await app.inject('/metrics')).body.includes('playloop_collector_refused_total{code="DISK_LOW"} 1'))
    free = 2_000
    assert.equal((await post(ndjson(event), page)).statusCode, 202)
    assert.equal((await app.inject('/health/ready')).statusCode, 200)
    assert.equal(stored().length, 1)
  })
})

describe('keys of the whole process', () => {
  const open = (scopes: string) =>
    openAuth({ off: false, keys: [`ann:${SECRET}:${scopes}`], keysFile: '', issuer: '', audience: '' }, manualClock())
  const bearer = { authorization: `Bearer ${SECRET}` }

  it('may write with the scope write:events, beside the keys of producers', async () => {
    const { post } = await collector({ ingestKeys: ['own-key'] }, {}, nowhere, open('write:events'))
    assert.equal((await post(ndjson(beat()), bearer)).statusCode, 202)
    assert.equal((await post(ndjson(beat()), { 'x-ingest-key': 'own-key' })).statusCode, 202)
    assert.equal((await post(ndjson(beat()), { authorization: 'Bearer wrong' })).json().code, 'COLLECTOR_KEY_WANTED')
    assert.equal((await post(ndjson(beat()))).statusCode, 401)
  })

  it('that nobody may write with leave the collector as it is without them', async () => {
    const { app, post } = await collector({}, {}, nowhere, open('read'))
    assert.equal((await post(ndjson(beat()))).statusCode, 202)
    assert.equal(app.edge.access, 'open')
  })
})
