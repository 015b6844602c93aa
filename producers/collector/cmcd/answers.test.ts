import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collector, NOW, type Harness } from '../harness.ts'

const URL = '/v1/cmcd'
const post = (
  { post: send }: Harness,
  body: string,
  headers: Record<string, string> = {},
  url = URL,
): ReturnType<Harness['post']> => send(body, { 'content-type': 'application/cmcd', ...headers }, url)
const line = (sid: string, sn = 1): string => `e=t,sid="${sid}",sn=${sn},sta=p,ts=${NOW},v=2`
const lines = (...sids: string[]): string => sids.map((sid) => line(sid)).join('\n')
const code = (answer: { json(): unknown }): unknown => (answer.json() as { code: string }).code

describe('answers', () => {
  it('204, without a body, only after the log has acknowledged', async () => {
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const harness = await collector({}, { acknowledge: () => (reached.resolve(), gate.promise) })
    let answered = false
    const sent = post(harness, line('s')).then((answer) => ((answered = true), answer))
    await reached.promise
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(answered, false)
    gate.resolve()
    const answer = await sent
    assert.deepEqual([answer.statusCode, answer.body], [204, ''])
  })

  it('503 where the log does not, and the resend is taken', async () => {
    const harness = await collector()
    harness.log.failNext(new Error('no broker'))
    const lost = await post(harness, line('s'))
    assert.deepEqual(
      [lost.statusCode, code(lost), lost.headers['retry-after']],
      [503, 'COLLECTOR_LOG_UNAVAILABLE', '2'],
    )
    assert.equal((await post(harness, line('s'))).statusCode, 204)
    assert.equal(harness.stored().length, 1)
  })

  it('503 under overload, before the body is read', async () => {
    const gate = Promise.withResolvers<void>()
    const harness = await collector({ maxInflightBytes: 5_000 }, { acknowledge: () => gate.promise })
    const waiting = Array.from({ length: 60 }, (_, i) => post(harness, line(`s${i}`)))
    const shed = await Promise.race(waiting)
    assert.deepEqual([shed.statusCode, code(shed), shed.headers['retry-after']], [503, 'COLLECTOR_OVERLOADED', '1'])
    gate.resolve()
    const all = await Promise.all(waiting)
    assert.equal(all.filter(({ statusCode }) => statusCode === 204).length, harness.stored().length)
    assert.equal((await harness.app.inject('/health/ready')).json().held, 0)
  })

  it('429 with Retry-After under the rate limit, one for both endpoints', async () => {
    const harness = await collector({ ingestKeys: ['a@playback.telemetry'], eventsPerSecond: 10 })
    assert.equal(
      (await post(harness, lines(...Array.from({ length: 40 }, (_, i) => `s${i}`)), {}, `${URL}?key=a`)).statusCode,
      204,
    )
    for (const answer of [
      await post(harness, line('t'), { 'x-ingest-key': 'a' }),
      await harness.post('{}', { 'x-ingest-key': 'a' }),
    ]) {
      assert.deepEqual([answer.statusCode, code(answer), answer.headers['retry-after']], [429, 'COLLECTOR_RATE', '4'])
    }
  })

  it('401 and 403 by key, 415 by type and encoding, 405 by method, 413 by size, 400 without records', async () => {
    const harness = await collector({ ingestKeys: ['a', 'b@viewer.actions'] })
    const key = { 'x-ingest-key': 'a' }
    assert.equal((await post(harness, line('s'))).statusCode, 401)
    assert.equal((await post(harness, line('s'), { 'x-ingest-key': 'b' })).statusCode, 403)
    for (const type of ['application/json', 'text/plain', 'application/x-ndjson'])
      assert.equal((await post(harness, line('s'), { ...key, 'content-type': type })).statusCode, 415)
    assert.equal((await post(harness, line('s'), { ...key, 'content-encoding': 'br' })).statusCode, 415)
    assert.equal(
      (await harness.post(line('s'), { ...key, 'content-type': 'application/cmcd' })).statusCode,
      415,
      'not at the events',
    )
    const get = await harness.app.inject({ method: 'GET', url: URL })
    assert.deepEqual([get.statusCode, code(get), get.headers['allow']], [405, 'COLLECTOR_METHOD', 'POST, OPTIONS'])
    assert.equal((await post(harness, 'x'.repeat(100_001), key)).statusCode, 413)
    assert.equal((await post(harness, lines(...Array.from({ length: 501 }, () => 's')), key)).statusCode, 413)
    for (const body of ['', '\n\r\n']) assert.equal((await post(harness, body, key)).statusCode, 400)
    assert.equal(harness.stored().length, 0)
  })

  it('to pages of named origins, preflight included, and to no others', async () => {
    const harness = await collector({ corsOrigins: ['https://play.example'] })
    const preflight = await harness.app.inject({
      method: 'OPTIONS',
      url: URL,
      headers: {
        origin: 'https://play.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    })
    assert.deepEqual(
      [preflight.statusCode, preflight.headers['access-control-allow-origin']],
      [204, 'https://play.example'],
    )
    assert.equal(
      (await post(harness, line('s'), { origin: 'https://play.example' })).headers['access-control-allow-origin'],
      'https://play.example',
    )
    const other = await post(harness, line('t'), { origin: 'https://evil.example' })
    assert.deepEqual([other.statusCode, code(other)], [403, 'COLLECTOR_ORIGIN'])
    assert.equal(harness.stored().length, 1)
  })

  it('close their connections while draining, and take what comes', async () => {
    const harness = await collector()
    harness.drain()
    const answer = await post(harness, line('s'))
    assert.deepEqual([answer.statusCode, answer.headers['connection']], [204, 'close'])
  })
})

describe('sessions that an operator closed', () => {
  it('410 when all records are theirs, and nothing is stored', async () => {
    const harness = await collector({ closedSessions: ['x', 'y'] })
    const answer = await post(harness, lines('x', 'y', 'x'))
    assert.deepEqual([answer.statusCode, code(answer)], [410, 'COLLECTOR_SESSION_CLOSED'])
    assert.equal(harness.stored().length, 0)
    assert.equal((await harness.app.inject('/health/ready')).json().held, 0)
  })

  it('never when one record is of another: that one is taken', async () => {
    const harness = await collector({ closedSessions: ['x'] })
    for (const body of [lines('x', 'new'), lines('new2', 'x'), `${line('x')}\nnonsense`, `${line('x')}\nv=3`])
      assert.equal((await post(harness, body)).statusCode, 204, body)
    assert.deepEqual(
      harness
        .stored()
        .map(({ session_id }) => session_id)
        .sort(),
      ['new', 'new2'],
    )
  })

  it('nor for a session that began after the closed one', async () => {
    const harness = await collector({ closedSessions: ['x'] })
    assert.equal((await post(harness, line('x'))).statusCode, 410)
    assert.equal((await post(harness, line('x2'))).statusCode, 204)
  })
})
