import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MODULES } from '../bin/composition.ts'
import { manualClock } from '../platform/clock.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import { readConfig } from '../platform/config.ts'
import { SCOPES, type HttpServer } from '../platform/http/index.ts'
import { silentLogger } from '../platform/logger.ts'
import { openMetrics } from '../platform/metrics.ts'
import { createServices } from '../platform/services.ts'
import { createSignals } from '../platform/signals.ts'
import { buildApi } from './app.ts'
import { LIVE, type LiveService } from '../streams/qoe/live/index.ts'

/** What everybody may ask; whoever opens another route says so here. */
const PUBLIC =
  /^\/(v1\/sign-in|api\/features\/:key|sub\/:key|health\/\w+|metrics|openapi\.json|instrument\.js|web\/.*|[a-z]*)$/

interface Operation {
  readonly security: readonly { readonly bearer: readonly string[] }[]
  readonly responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>
}

/** The whole API with keys, over a store that answers nothing. */
describe('who may do what in the API', () => {
  let app: HttpServer
  let document: { paths: Record<string, Record<string, Operation>>; components: { schemas: object } }
  const secret = 'a secret of keys'.replaceAll(' ', '-')
  before(async () => {
    const services = createServices()
    services.provide(LIVE, {
      clocks: async () => [],
      watermark: async () => undefined,
      watchers: 0,
    } as unknown as LiveService)
    const store = { rows: async () => [] } as unknown as Store
    app = await buildApi({
      config: readConfig({
        PLAYLOOP_API_KEYS: `reader:${secret}:read`,
        PLAYLOOP_API_RATE: '20',
        PLAYLOOP_TRUSTED_PROXIES: '127.0.0.1',
      }),
      clock: manualClock(),
      logger: silentLogger,
      metrics: openMetrics(),
      store,
      services,
      signals: createSignals(),
      modules: MODULES,
    })
    document = (await app.inject('/openapi.json')).json()
  })
  after(() => app.close())
  const authorization = `Bearer ${secret}`

  it('every route names a scope, and the document shows it', () => {
    const { all } = app.edge.routes
    assert.ok(all.length > 60, `${all.length} routes`)
    for (const { method, url, scope } of all) {
      assert.ok(scope === 'public' ? PUBLIC.test(url) : scope in SCOPES, `${method} ${url} ${scope}`)
      const operation = document.paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      if (operation !== undefined)
        assert.deepEqual(operation.security, scope === 'public' ? [] : [{ bearer: [scope] }], `${method} ${url}`)
    }
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, operation] of Object.entries(methods))
        assert.ok(Array.isArray(operation.security), `${method} ${path} names no scope`)
  })

  it('what changes something needs more than read', () => {
    for (const { method, url, scope } of app.edge.routes.all)
      if (method === 'POST' && !/(validate|preview)$/.test(url)) assert.match(scope, /^(write|operate):/, url)
  })

  it('every operation documents its refusals', () => {
    assert.ok('Problem' in document.components.schemas)
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, { responses, security }] of Object.entries(methods)) {
        const wanted = [
          '429',
          '500',
          '503',
          ...(security.length > 0 ? ['401', '403'] : []),
          ...(method === 'post' ? ['400', '413', '415'] : []),
        ]
        for (const status of wanted)
          assert.equal(
            responses[status]?.content?.['application/problem+json']?.schema.$ref,
            '#/components/schemas/Problem',
            `${method} ${path} ${status}`,
          )
      }
  })

  it('every route but public ones refuses who shows nothing, and who may only read', async () => {
    for (const { method, url, scope } of app.edge.routes.all) {
      if (scope === 'public') continue
      const path = url.replace(/:\w+/g, 'x')
      const call = (headers: Record<string, string>) =>
        app.inject({ method: method as 'GET', url: path, headers, remoteAddress: '127.0.0.1' })
      assert.equal((await call({})).statusCode, 401, `${method} ${url}`)
      if (scope !== 'read') assert.equal((await call({ authorization })).statusCode, 403, `${method} ${url}`)
    }
    assert.equal((await app.inject({ url: '/v1/clocks', headers: { authorization } })).statusCode, 200)
  })

  it('a key has its rate, and is told when to come again; this machine has none', async () => {
    const call = (from: string, name = authorization) =>
      app.inject({ url: '/v1/clocks', headers: { authorization: name, 'x-forwarded-for': from } })
    const answers = []
    for (let i = 0; i < 21; i++) answers.push(await call(`203.0.113.${i}`))
    assert.deepEqual(answers.map(({ statusCode }) => statusCode).slice(-2), [200, 429])
    const refused = answers.at(-1)!
    assert.equal(refused.json<{ code: string }>().code, 'HTTP_RATE')
    assert.ok(Number(refused.headers['retry-after']) > 0)
    assert.equal((await call('127.0.0.1')).statusCode, 200)
    assert.equal(
      (await app.inject({ url: '/health/live', headers: { 'x-forwarded-for': '203.0.113.9' } })).statusCode,
      200,
    )
  })

  it('answers are compressed once, and carry headers for browsers', async () => {
    const answer = await app.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'gzip' } })
    assert.equal(answer.headers['content-encoding'], 'gzip')
    assert.match(String(answer.headers['content-security-policy']), /frame-ancestors 'none'/)
    const page = await app.inject({ url: '/', headers: { 'accept-encoding': 'gzip, br' } })
    assert.equal(page.headers['content-encoding'], 'gzip')
    assert.match(String(page.headers['content-security-policy']), /script-src 'self'/)
    assert.deepEqual(page.rawPayload.subarray(0, 2), Buffer.of(0x1f, 0x8b))
  })
})
