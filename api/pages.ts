import { readFileSync, readdirSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sha256 } from '../platform/hash.ts'
import type { HttpServer } from '../platform/http/index.ts'
import { bundle } from './bundle.ts'

const WEB = join(import.meta.dirname, '..', 'web')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
}
/** Everything from this server, nothing inline but the empty icon. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The instrument is loaded by players' pages, which come from elsewhere. */
const FOR_EVERYBODY = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }

interface Page {
  readonly type: string
  readonly body: string
  /** The same, compressed once. */
  readonly zipped: Buffer
  readonly tag: string
}

/**
 * Serves web/ as it lies there; TypeScript leaves with its types stripped, so there is no build step between edit and
 * look.
 */
export function servePages(app: HttpServer): void {
  const names = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
    (name) => extname(name) in TYPES && !name.endsWith('.test.ts'),
  )
  const pages = new Map(names.map((name) => [name, load(name)]))
  const serve = (url: string, page: Page, more: Readonly<Record<string, string>> = {}): void => {
    app.get(url, { compress: false, config: { scope: 'public' }, schema: { hide: true } }, (request, reply) => {
      reply.headers({
        ...more,
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
        vary: 'accept-encoding',
        etag: page.tag,
      })
      if (request.headers['if-none-match'] === page.tag) return reply.code(304).send()
      const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
      return zipped
        ? reply.type(page.type).header('content-encoding', 'gzip').send(page.zipped)
        : reply.type(page.type).send(page.body)
    })
  }
  for (const [name, page] of pages) serve(`/web/${name}`, page)
  for (const [name, page] of pages)
    if (extname(name) === '.html')
      serve(name === 'index.html' ? '/' : `/${name.slice(0, -'.html'.length)}`, withPreloads(page, pages))
  serve('/instrument.js', pageOf(TYPES['.ts']!, bundle(join(WEB, 'instrument'), 'instrument.ts')), FOR_EVERYBODY)
}

/**
 * Names all modules that the page comes to import, so that the browser fetches them at once and not one after the
 * other.
 */
function withPreloads({ type, body }: Page, pages: ReadonlyMap<string, Page>): Page {
  const found = new Set<string>()
  const follow = (name: string): void => {
    for (const [, to = ''] of pages.get(name)?.body.matchAll(/^import .* from '(\.[^']+)'$/gm) ?? []) {
      const module = posix.join(posix.dirname(name), to)
      if (found.has(module)) continue
      found.add(module)
      follow(module)
    }
  }
  for (const [, entry = ''] of body.matchAll(/<script type="module" src="\/web\/([^"]+)"/g)) follow(entry)
  return pageOf(
    type,
    body.replace(
      '</head>',
      `${[...found].map((name) => `  <link rel="modulepreload" href="/web/${name}">\n`).join('')}</head>`,
    ),
  )
}

function load(name: string): Page {
  const text = readFileSync(join(WEB, name), 'utf8')
  const extension = extname(name)
  const body = extension === '.ts' ? stripTypeScriptTypes(text) : text
  return pageOf(TYPES[extension]!, body)
}

const pageOf = (type: string, body: string): Page => ({
  type,
  body,
  zipped: gzipSync(body, { level: 9 }),
  tag: `"${sha256(body).toString('hex').slice(0, 16)}"`,
})
