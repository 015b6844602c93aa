import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createServer } from '../../platform/http/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { servePages } from './pages.ts'

const PAGES = [
  '/',
  '/history',
  '/sessions',
  '/session',
  '/incidents',
  '/experiments',
  '/experiment',
  '/draft',
  '/flags',
]
/** Scripts of a first load, gzipped. */
const MAX_SCRIPT_BYTES = 35_000
const MAX_INSTRUMENT_BYTES = 6_000
/** 0.3 s where nothing else runs; tests run beside one another. */
const MAX_BUILD_MS = 4_000

describe('pages', () => {
  const begun = performance.now()
  const app = createServer({ name: 'pages', logger: silentLogger, metrics: openMetrics() })
  servePages(app)
  const took = performance.now() - begun
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
  const assets = async (path: string, attribute: 'src' | 'href'): Promise<string[]> =>
    [...(await get(path)).body.matchAll(new RegExp(`${attribute}="(/web/[^"]+)"`, 'g'))].map(([, name = '']) => name)

  it('are bundled while the server starts, fast enough not to be noticed', (test) => {
    test.diagnostic(`bundled in ${Math.round(took)} ms`)
    assert.ok(took < MAX_BUILD_MS, `${took} ms`)
  })

  for (const path of PAGES) {
    it(`${path} loads one script and one style, within its budget`, async (test) => {
      const [scripts, styles] = [await assets(path, 'src'), await assets(path, 'href')]
      assert.deepEqual([scripts.length, styles.length], [1, 1])
      const { rawPayload, headers } = await get(scripts[0]!, { 'accept-encoding': 'gzip' })
      test.diagnostic(`${path}: ${rawPayload.length} bytes of scripts, gzipped`)
      assert.equal(headers['content-encoding'], 'gzip')
      assert.ok(rawPayload.length > 5_000 && rawPayload.length <= MAX_SCRIPT_BYTES, `${rawPayload.length} bytes`)
    })
  }

  it('let browsers keep what has its content in its name, and ask again for the rest', async () => {
    const page = await get('/')
    assert.equal(page.headers['cache-control'], 'no-cache')
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'; script-src 'self'/)
    assert.doesNotMatch(page.body, /<script(?![^>]* src=)/, 'no inline script')
    assert.equal((await get('/', { 'if-none-match': String(page.headers.etag) })).statusCode, 304)
    const [script] = await assets('/', 'src')
    const answer = await get(script!)
    assert.equal(answer.headers['content-type'], 'text/javascript; charset=utf-8')
    assert.match(String(answer.headers['cache-control']), /immutable/)
    assert.match(script!, /-[A-Z0-9]{8}\.js$/)
    for (const unknown of ['/web/now-AAAAAAAA.js', '/web/style.css', '/web/now/page.tsx', '/web/%2e%2e/package.json'])
      assert.equal((await get(unknown)).statusCode, 404, unknown)
  })

  it('have the instrument beside them, for everybody: one function, small', async () => {
    const { body, rawPayload, headers } = await get('/instrument.js', {})
    const zipped = await get('/instrument.js', { 'accept-encoding': 'gzip' })
    assert.equal(headers['access-control-allow-origin'], '*')
    assert.ok(rawPayload.length > zipped.rawPayload.length)
    const module = (await import(`data:text/javascript,${encodeURIComponent(body)}`)) as object
    assert.deepEqual(Object.keys(module), ['instrument'])
    assert.ok(zipped.rawPayload.length <= MAX_INSTRUMENT_BYTES, `${zipped.rawPayload.length} bytes`)
  })
})
