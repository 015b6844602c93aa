import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, describe, it } from 'node:test'
import { Type } from 'typebox'
import { StoreError } from '../clickhouse/port.ts'
import { systemClock } from '../clock.ts'
import { silentLogger } from '../logger.ts'
import { openMetrics } from '../metrics.ts'
import { corsOf } from './cors.ts'
import { createServer, listen, serveHealth, type Listening, type Problem } from './index.ts'

const open: (() => Promise<unknown>)[] = []
after(() => Promise.all(open.map((close) => close())))
const PAGE = 'https://play.example'

/** A real server with one route of each kind, and what it counted. */
async function serve(): Promise<Listening & { count(code: string): Promise<number> }> {
  const metrics = openMetrics()
  const app = createServer({
    name: 'test',
    logger: silentLogger,
    metrics,
    cors: corsOf({ origins: [PAGE], request: ['content-type', 'prefer'], expose: ['preference-applied'] }),
    requestTimeoutMs: 1_000,
    handlerTimeoutMs: 300,
    bodyLimit: 1_000,
  })
  serveHealth(app, { metrics, ready: () => ({ status: 'ready' }) })
  const scope = { config: { scope: 'public' } } as const
  const params = Type.Object({ id: Type.String({ maxLength: 200 }) })
  app.get(
    '/things/:id',
    { ...scope, schema: { params, querystring: Type.Object({ n: Type.Integer({ default: 1, maximum: 1_000 }) }) } },
    (request) => ({
      id: request.params.id,
      next: request.query.n + 1,
    }),
  )
  app.post('/things/:id', { ...scope, schema: { params, body: Type.Object({ a: Type.Integer() }) } }, () => ({}))
  app.get('/slow', scope, () => new Promise<object>(() => undefined))
  app.get('/away', scope, () => Promise.reject(new StoreError('gone', 0)))
  app.get('/bug', scope, () => Promise.reject(new TypeError('secret detail')))
  const listening = await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT', clock: systemClock })
  open.push(listening.stop)
  return {
    ...listening,
    async count(code) {
      return Number(
        new RegExp(`refused_total\\{server="test",code="${code}"\\} (\\d+)`).exec(await metrics.text())?.[1] ?? 0,
      )
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly problem: Problem
}

async function problem(response: Response): Promise<Answer> {
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  return { status: response.status, headers: response.headers, problem: (await response.json()) as Problem }
}

/** Bytes as they are, over a socket of their own. */
function raw(url: string, bytes: string): Promise<Answer> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk) => (text += chunk.toString())).on('error', reject)
    socket.on('close', () => {
      const [head = '', body = ''] = text.split('\r\n\r\n')
      const [first = '', ...fields] = head.split('\r\n')
      const headers = new Headers(fields.map((field) => field.split(': ') as [string, string]))
      void problem(new Response(body, { status: Number(first.split(' ')[1]), headers })).then(resolve, reject)
    })
  })
}

describe('a refusal is a problem that a page can read, and is counted', () => {
  const cases: readonly [
    name: string,
    path: string,
    init: RequestInit,
    status: number,
    code: string,
    allow?: string,
  ][] = [
    ['an address that is no UTF-8', '/things/%ff', {}, 400, 'HTTP_BAD_URL'],
    ['a parameter beyond its schema', `/things/${'x'.repeat(201)}`, {}, 400, 'HTTP_INVALID'],
    ['a parameter beyond the router', `/things/${'x'.repeat(5_000)}`, {}, 414, 'HTTP_URL_TOO_LONG'],
    ['a parameter that nobody reads', '/things/1?m=2', {}, 400, 'HTTP_INVALID'],
    ['a number over its maximum', '/things/1?n=1001', {}, 400, 'HTTP_INVALID'],
    ['a number over every maximum', '/things/1?n=1e999', {}, 400, 'HTTP_INVALID'],
    ['a number under every minimum', '/things/1?n=-1e999', {}, 400, 'HTTP_INVALID'],
    ['a path that is not there', '/nothing', {}, 404, 'HTTP_NOT_FOUND'],
    [
      'a path that is not there, with a body that is no JSON',
      '/nothing',
      { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
      404,
      'HTTP_NOT_FOUND',
    ],
    ['a method that is not there', '/things/1', { method: 'DELETE' }, 405, 'HTTP_METHOD', 'GET, HEAD, POST, OPTIONS'],
    [
      'a method that is not there, with a body that is no JSON',
      '/slow',
      { method: 'PUT', body: '{', headers: { 'content-type': 'application/json' } },
      405,
      'HTTP_METHOD',
      'GET, HEAD, OPTIONS',
    ],
    ['a method that few know', '/things/1', { method: 'PROPFIND' }, 405, 'HTTP_METHOD', 'GET, HEAD, POST, OPTIONS'],
    [
      'a body that is no JSON',
      '/things/1',
      { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } },
      400,
      'HTTP_INVALID',
    ],
    [
      'a body of another type',
      '/things/1',
      { method: 'POST', body: '<a/>', headers: { 'content-type': 'application/xml' } },
      415,
      'HTTP_MEDIA_TYPE',
    ],
    [
      'a body that is too large',
      '/things/1',
      { method: 'POST', body: `"${'x'.repeat(1_000)}"`, headers: { 'content-type': 'application/json' } },
      413,
      'HTTP_BODY_TOO_LARGE',
    ],
    ['an answer that takes too long', '/slow', {}, 503, 'HTTP_DEADLINE'],
    ['a store that is away', '/away', {}, 503, 'HTTP_STORE_AWAY'],
    ['a bug', '/bug', {}, 500, 'HTTP_INTERNAL'],
  ]
  for (const [name, path, init, status, code, allow] of cases)
    it(name, async () => {
      const server = await serve()
      const answer = await problem(
        await fetch(server.url + path, { ...init, headers: { ...init.headers, origin: PAGE } }),
      )
      assert.deepEqual([answer.status, answer.problem.code, answer.problem.status], [status, code, status])
      assert.equal(answer.headers.get('access-control-allow-origin'), PAGE)
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(answer.headers.get('allow') ?? undefined, allow)
      assert.equal(answer.headers.get('retry-after') !== null, status === 503)
      assert.ok(answer.problem.next.length > 10 && !JSON.stringify(answer.problem).includes('secret detail'))
      assert.equal(await server.count(code), 1)
    })

  const bytes: readonly [name: string, bytes: string, status: number, code: string][] = [
    [
      'header fields that are too large',
      `GET / HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HTTP_HEADERS_TOO_LARGE',
    ],
    ['a method that nobody knows', `BREW / HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\n\r\n`, 400, 'HTTP_MALFORMED'],
    ['no HTTP at all', `\u0016\u0003\u0001\r\n\r\nOrigin: ${PAGE}\r\n\r\n`, 400, 'HTTP_MALFORMED'],
    ['no Host', `GET /things/1 HTTP/1.1\r\nConnection: close\r\nOrigin: ${PAGE}\r\n\r\n`, 400, 'HTTP_MALFORMED'],
    [
      'an expectation of another kind',
      `POST /things/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: ${PAGE}\r\nExpect: magic\r\nContent-Length: 0\r\n\r\n`,
      417,
      'HTTP_EXPECTATION',
    ],
    [
      'a request that never ends',
      `POST /things/1 HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nContent-Length: 9\r\n`,
      408,
      'HTTP_TIMEOUT',
    ],
  ]
  for (const [name, text, status, code] of bytes)
    it(`${name}, over a socket`, async () => {
      const server = await serve()
      const answer = await raw(server.url, text)
      assert.deepEqual([answer.status, answer.problem.code], [status, code])
      if (name !== 'a request that never ends') assert.equal(answer.headers.get('access-control-allow-origin'), PAGE)
      assert.equal(await server.count(code), 1)
      assert.equal((await fetch(`${server.url}/things/1`)).status, 200, 'others go on')
    })

  it('CONNECT, which no route can serve', async () => {
    const server = await serve()
    assert.equal((await raw(server.url, 'CONNECT other:443 HTTP/1.1\r\nHost: other\r\n\r\n')).status, 405)
  })
})

describe('pages of other origins', () => {
  const asked = { origin: PAGE, 'access-control-request-method': 'POST' }

  it('pass their preflight by what the path takes, with tracing; others do not', async () => {
    const { url } = await serve()
    const answer = await fetch(`${url}/things/1`, { method: 'OPTIONS', headers: asked })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('access-control-allow-methods'), 'GET, HEAD, POST')
    const allowed = answer.headers.get('access-control-allow-headers')!.split(', ')
    for (const name of ['content-type', 'prefer', 'traceparent', 'tracestate', 'baggage', 'x-request-id'])
      assert.ok(allowed.includes(name), name)
    assert.ok(!allowed.includes('authorization'), 'only what the server takes')
    assert.equal(answer.headers.get('access-control-expose-headers'), 'retry-after, preference-applied')
    const other = await fetch(`${url}/things/1`, {
      method: 'OPTIONS',
      headers: { ...asked, origin: 'https://evil.example' },
    })
    assert.equal(other.headers.get('access-control-allow-origin'), null)
    assert.equal((await fetch(`${url}/nothing`, { method: 'OPTIONS', headers: asked })).status, 404)
  })
})

describe('typed routes', () => {
  it('get what their schemas say', async () => {
    const { url } = await serve()
    assert.deepEqual(await (await fetch(`${url}/things/${'x'.repeat(150)}?n=4`)).json(), {
      id: 'x'.repeat(150),
      next: 5,
    })
  })

  it('are refused when they name no scope', () => {
    const app = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics() })
    assert.throws(() => app.get('/secret', () => ({})), /GET \/secret names no scope/)
  })
})

describe('listening', () => {
  it('names the port that is taken, and what sets it', async () => {
    const { url } = await serve()
    const other = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics() })
    open.push(() => other.close())
    await assert.rejects(
      listen(other, { host: '127.0.0.1', port: Number(new URL(url).port), variable: '--port', clock: systemClock }),
      { code: 'HTTP_PORT_TAKEN', next: /--port/ },
    )
  })

  it('is refused where strangers would find everything open, unless the operator says so', async () => {
    for (const [access, host, code] of [
      ['open', '0.0.0.0', 'HTTP_OPEN_TO_ALL'],
      ['open', '127.0.0.1', ''],
      ['off', '0.0.0.0', ''],
      ['on', '0.0.0.0', ''],
    ] as const) {
      const app = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics(), access })
      open.push(() => app.close())
      app.get('/read', { config: { scope: 'read' } }, () => ({}))
      const listening = listen(app, { host, port: 0, variable: 'PORT', clock: systemClock })
      if (code !== '') await assert.rejects(listening, { code })
      else await listening
    }
  })

  it('to its own machine alone serves no name but those of it, whatever it resolves to', async () => {
    const app = createServer({ name: 'test', logger: silentLogger, metrics: openMetrics(), access: 'open' })
    open.push(() => app.close())
    app.get('/read', { config: { scope: 'read' } }, () => ({}))
    const ask = async (host: string): Promise<number> =>
      (await app.inject({ url: '/read', headers: { host } })).statusCode
    await listen(app, { host: '127.0.0.1', port: 0, variable: 'PORT', clock: systemClock })
    for (const host of ['127.0.0.1:8080', 'localhost', 'LOCALHOST:1', '[::1]:8080', 'app.localhost', '127.8.9.1'])
      assert.equal(await ask(host), 200, host)
    for (const host of ['rebound.example:8080', '10.0.0.7', 'localhost.example', '127.0.0.1.example'])
      assert.equal(await ask(host), 421, host)
  })

  it('ends what is under way when it stops, and tells nobody that it is ready', async () => {
    const server = await serve()
    const slow = fetch(`${server.url}/slow`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const stopped = server.stop()
    assert.equal((await slow).status, 503)
    await stopped
    await assert.rejects(fetch(`${server.url}/health/live`))
  })
})
