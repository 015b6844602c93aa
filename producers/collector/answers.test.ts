import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { beat, collector, container, ndjson, URL } from './harness.ts'
import type { Values } from './samples.ts'

describe('duplicates', () => {
  it('within a request and after it', async () => {
    const { post, stored } = await collector()
    const event = beat()
    assert.deepEqual((await post(ndjson(event, event))).json(), { accepted: 1, duplicates: 1, rejected: [] })
    assert.deepEqual((await post(JSON.stringify([event]), { 'content-type': 'application/json' })).json(), {
      accepted: 0,
      duplicates: 1,
      rejected: [],
    })
    assert.equal(stored().length, 1)
  })

  it('the same id with another payload is refused', async () => {
    const { post } = await collector()
    const event = beat()
    await post(ndjson(event))
    assert.deepEqual((await post(ndjson({ ...event, seq: 7 }))).json().rejected, [
      { index: 0, code: 'id_reuse', field: 'event_id' },
    ])
  })

  it('a copy that arrives meanwhile waits for the first, and shares its fate', async () => {
    for (const fate of ['acknowledged', 'lost'] as const) {
      const gate = Promise.withResolvers<void>()
      const reached = Promise.withResolvers<void>()
      const { post } = await collector({}, { acknowledge: () => (reached.resolve(), gate.promise) })
      const event = beat()
      const first = post(ndjson(event))
      const answered: string[] = []
      const second = post(ndjson(event))
      void first.then(() => answered.push('first'))
      void second.then(() => answered.push('second'))
      await reached.promise
      await new Promise((resolve) => setTimeout(resolve, 100))
      assert.deepEqual(answered, [], 'nobody is told before the log has answered')
      if (fate === 'acknowledged') gate.resolve()
      else gate.reject(new Error('lost'))
      const codes = (await Promise.all([first, second])).map(({ statusCode }) => statusCode)
      assert.deepEqual(codes, fate === 'acknowledged' ? [202, 202] : [503, 503])
    }
  })

  it('an id is known only once acknowledged: after a failure the resend is stored', async () => {
    const { post, log, stored } = await collector()
    const event = beat()
    log.failNext(new Error('no broker'))
    const lost = await post(ndjson(event))
    assert.equal(lost.statusCode, 503)
    assert.equal(lost.json().code, 'COLLECTOR_LOG_UNAVAILABLE')
    assert.equal(lost.headers['retry-after'], '2')
    assert.deepEqual((await post(ndjson(event))).json(), { accepted: 1, duplicates: 0, rejected: [] })
    assert.equal(stored().length, 1)
  })
})

describe('refusals', () => {
  const problem = (answer: {
    statusCode: number
    headers: Record<string, unknown>
    json(): Values
  }): [number, unknown] => {
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.ok(String(answer.json()['next']).length > 10)
    return [answer.statusCode, answer.json()['code']]
  }

  it('unknown topics, the dead letters and the broker\u2019s own: 404 that lists the open ones', async () => {
    const { post } = await collector()
    for (const topic of ['nope', 'dead.letters', '__consumer_offsets', 'constructor']) {
      const answer = await post(ndjson(beat()), {}, `/v1/events/${topic}`)
      assert.deepEqual(problem(answer), [404, 'COLLECTOR_TOPIC_UNKNOWN'])
      assert.match(answer.json().next, /playback\.telemetry.*catalog\.titles/)
      assert.doesNotMatch(answer.json().next, /dead/)
    }
  })

  it('other paths and methods', async () => {
    const { app } = await collector()
    assert.deepEqual(problem(await app.inject({ url: '/v2' })), [404, 'COLLECTOR_ROUTE_UNKNOWN'])
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answer = await app.inject({ method, url: URL })
      assert.deepEqual(problem(answer), [405, 'COLLECTOR_METHOD'])
      assert.equal(answer.headers['allow'], 'POST, OPTIONS')
    }
    assert.equal((await app.inject({ method: 'HEAD', url: URL })).statusCode, 405)
  })

  it('types and encodings that are not taken', async () => {
    const { post } = await collector()
    assert.deepEqual(problem(await post('x', { 'content-type': 'application/xml' })), [415, 'COLLECTOR_MEDIA_TYPE'])
    assert.deepEqual(problem(await post('x', { 'content-type': 'constructor' })), [415, 'COLLECTOR_MEDIA_TYPE'])
    assert.deepEqual(problem(await post('x', { 'content-encoding': 'br' })), [415, 'COLLECTOR_ENCODING'])
    assert.deepEqual(problem(await post(container([], { codec: 'snappy' }), { 'content-type': 'avro/binary' })), [
      415,
      'COLLECTOR_ENCODING',
    ])
  })

  it('what is too large, as it arrives and once inflated', async () => {
    const { post } = await collector()
    assert.deepEqual(problem(await post('x'.repeat(100_001))), [413, 'COLLECTOR_TOO_LARGE'])
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))
    assert.ok(bomb.length < 100_000)
    assert.deepEqual(problem(await post(bomb, { 'content-encoding': 'gzip' })), [413, 'COLLECTOR_TOO_LARGE'])
    const small = gzipSync(Buffer.alloc(300_000, ' '))
    assert.deepEqual(
      problem(await post(small, { 'content-encoding': 'gzip' })),
      [413, 'COLLECTOR_TOO_LARGE'],
      'within the cap, beyond the ratio',
    )
    assert.deepEqual(
      problem(
        await post(container([Buffer.alloc(1_000_000)], { codec: 'deflate' }), { 'content-type': 'avro/binary' }),
      ),
      [413, 'COLLECTOR_TOO_LARGE'],
    )
    assert.deepEqual(problem(await post('not gzip', { 'content-encoding': 'gzip' })), [400, 'COLLECTOR_GZIP'])
  })

  it('a request without a body', async () => {
    const { app } = await collector()
    assert.deepEqual(problem(await app.inject({ method: 'POST', url: URL })), [400, 'COLLECTOR_UNPARSEABLE'])
    assert.deepEqual(
      problem(await app.inject({ method: 'POST', url: URL, headers: { 'content-type': 'application/json' } })),
      [400, 'COLLECTOR_UNPARSEABLE'],
    )
  })

  it('too many events', async () => {
    const { post, stored } = await collector({ maxEvents: 2 })
    for (const [contentType, body] of [
      ['application/x-ndjson', ndjson(beat(), beat(), beat())],
      ['application/json', JSON.stringify([beat(), beat(), 5])],
    ] as const) {
      assert.deepEqual(problem(await post(body, { 'content-type': contentType })), [413, 'COLLECTOR_TOO_MANY'])
    }
    assert.equal(stored().length, 0)
  })

  it('keys: all three ways to show one, its scope, and none', async () => {
    const { post } = await collector({ ingestKeys: ['server-secret', 'page-key@playback.telemetry+viewer.actions'] })
    const code = async (headers: Record<string, string>, url = URL): Promise<number> =>
      (await post(ndjson(beat()), headers, url)).statusCode
    assert.deepEqual(problem(await post(ndjson(beat()))), [401, 'COLLECTOR_KEY_WANTED'])
    assert.equal(await code({ authorization: 'Bearer wrong' }), 401)
    assert.equal(await code({ authorization: 'Bearer server-secret' }), 202)
    assert.equal(await code({ 'x-ingest-key': 'page-key' }), 202)
    assert.equal(await code({}, `${URL}?key=page-key&sent_at=5`), 202)
    assert.deepEqual(problem(await post('', { 'x-ingest-key': 'page-key' }, '/v1/events/catalog.titles')), [
      403,
      'COLLECTOR_KEY_SCOPE',
    ])
    await assert.rejects(collector({ ingestKeys: ['k@nope'] }), { code: 'COLLECTOR_KEY_TOPIC' })
    await assert.rejects(collector({ ingestKeys: ['k@dead.letters'] }), { code: 'COLLECTOR_KEY_TOPIC' })
  })

  it('a key that sends too fast waits as long as it must; others do not', async () => {
    const { post, clock } = await collector({ ingestKeys: ['a', 'b'], eventsPerSecond: 10 })
    const code = async (key: string): Promise<number> =>
      (await post(ndjson(...Array.from({ length: 40 }, () => beat())), { 'x-ingest-key': key })).statusCode
    assert.equal(await code('a'), 202)
    const refused = await post(ndjson(beat()), { 'x-ingest-key': 'a' })
    assert.deepEqual(problem(refused), [429, 'COLLECTOR_RATE'])
    assert.equal(refused.headers['retry-after'], '4')
    assert.equal(await code('b'), 202)
    clock.advance(4_000)
    assert.equal(await code('a'), 202)
  })
})

describe('overload', () => {
  it('sheds at once past the bytes in flight, and takes again once they are acknowledged', async () => {
    const gate = Promise.withResolvers<void>()
    const { app, post } = await collector({ maxInflightBytes: 20_000 }, { acknowledge: () => gate.promise })
    const waiting = Array.from({ length: 100 }, () => post(ndjson(...Array.from({ length: 10 }, () => beat()))))
    const answered: number[] = []
    for (const request of waiting) void request.then(({ statusCode }) => answered.push(statusCode))
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.ok(answered.length > 80 && answered.every((status) => status === 503), `${answered.length} of 100 were shed`)
    const refused = await post(ndjson(...Array.from({ length: 60 }, () => beat())))
    assert.deepEqual(
      [refused.statusCode, refused.json().code, refused.headers['retry-after']],
      [503, 'COLLECTOR_OVERLOADED', '1'],
    )
    gate.resolve()
    await Promise.all(waiting)
    assert.equal((await post(ndjson(beat()))).statusCode, 202)
    assert.equal((await app.inject('/health/ready')).json().held, 0, 'every byte was given back')
  })

  it('gives back what refused and broken requests held', async () => {
    const { app, post } = await collector({ maxInflightBytes: 200_000 })
    await post('x'.repeat(100_001))
    await post('[', { 'content-type': 'application/json' })
    await post(gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' })
    await post(gzipSync(ndjson(beat())), { 'content-encoding': 'gzip' })
    assert.equal((await app.inject('/health/ready')).json().held, 0)
  })
})

describe('browsers', () => {
  const page = { origin: 'https://play.example' }

  it('any page may send where origins are *, without credentials', async () => {
    const { app, post } = await collector()
    const answer = await post(ndjson(beat()), page)
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: URL,
      headers: {
        ...page,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-sent-at',
      },
    })
    assert.equal(preflight.statusCode, 204)
    assert.match(String(preflight.headers['access-control-allow-headers']), /content-type.*content-encoding.*x-sent-at/)
    assert.equal(preflight.headers['access-control-allow-methods'], 'POST')
  })

  it('else exactly the pages that are named', async () => {
    const { app, post, stored } = await collector({ corsOrigins: ['https://play.example'] })
    const good = await post(ndjson(beat()), page)
    assert.deepEqual(
      [good.statusCode, good.headers['access-control-allow-origin'], good.headers['vary']],
      [202, 'https://play.example', 'origin'],
    )
    for (const origin of ['https://play.example.evil', 'http://play.example', 'https://play.example:444', 'null']) {
      const refused = await post(ndjson(beat()), { origin })
      assert.deepEqual(
        [refused.statusCode, refused.json().code, refused.headers['access-control-allow-origin']],
        [403, 'COLLECTOR_ORIGIN', undefined],
      )
      const preflight = await app.inject({
        method: 'OPTIONS',
        url: URL,
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      assert.equal(preflight.headers['access-control-allow-origin'], undefined)
    }
    assert.equal((await post(ndjson(beat()))).statusCode, 202, 'programs send no origin')
    assert.equal(stored().length, 2)
  })

  it('a refusal can be read by the page', async () => {
    const { post } = await collector({ corsOrigins: ['https://play.example'] })
    const answer = await post('x', { ...page, 'content-type': 'application/xml' })
    assert.deepEqual([answer.statusCode, answer.headers['access-control-allow-origin']], [415, 'https://play.example'])
  })
})

describe('health and metrics', () => {
  it('ready until it drains; answers then close their connections', async () => {
    const { app, post, drain } = await collector()
    assert.equal((await app.inject('/health/live')).statusCode, 200)
    assert.equal((await app.inject('/health/ready')).statusCode, 200)
    drain()
    assert.equal((await app.inject('/health/ready')).statusCode, 503)
    assert.equal((await app.inject('/health/live')).statusCode, 200)
    const answer = await post(ndjson(beat()))
    assert.deepEqual([answer.statusCode, answer.headers['connection']], [202, 'close'])
  })

  it('counts what became of events', async () => {
    const { app, post } = await collector()
    const event = beat()
    await post(ndjson(event, event, beat({ seq: -1 })))
    await post('x', { 'content-type': 'application/xml' })
    const text = (await app.inject('/metrics')).body
    for (const line of [
      'playloop_collector_events_total{topic="playback.telemetry",outcome="accepted"} 1',
      'playloop_collector_events_total{topic="playback.telemetry",outcome="duplicate"} 1',
      'playloop_collector_rejected_total{topic="playback.telemetry",code="field_negative"} 1',
      'playloop_collector_refused_total{code="COLLECTOR_MEDIA_TYPE"} 1',
    ])
      assert.ok(text.includes(line), line)
  })
})
