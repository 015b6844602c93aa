import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bundle, writtenAt } from '../../platform/bundle.ts'
import { sha256 } from '../../platform/hash.ts'
import { fail, type HttpServer } from '../../platform/http/index.ts'

const WEB = join(import.meta.dirname, '../../web')
const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const
const INSTRUMENT = 'instrument/instrument.ts'

const HEADERS = {
  // Everything comes from this server, and nothing is inline except the empty icon.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  vary: 'accept-encoding',
}
/** Content-hashed names can be cached forever. */
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' }
const ASK_AGAIN = { 'cache-control': 'no-cache' }
/** Pages of players load the instrument from other origins. */
const ANY_ORIGIN = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }

interface Asset {
  readonly type: string
  readonly body: Buffer
  /** The same, compressed once. */
  readonly zipped: Buffer
  readonly etag: string
}

/** Everything that browsers load: pages by file name (`index.html`), bundles by hashed name. */
interface Site {
  readonly pages: ReadonlyMap<string, Asset>
  readonly bundles: ReadonlyMap<string, Asset>
  readonly instrument: Asset
  readonly sources: readonly string[]
}

/**
 * Serves the pages of web/: a file NAME.html is the page /NAME (index.html is /). Scripts and styles are bundled at
 * start, and again when a page is requested after one of their sources has changed.
 */
export function servePages(app: HttpServer): void {
  let site = build()
  let written = writtenAt(site.sources)
  // Older bundles are kept: a browser with an older page still requests them.
  const bundles = new Map(site.bundles)
  const fresh = (): Site => {
    const now = writtenAt(site.sources)
    if (now === written) return site
    site = build()
    written = writtenAt(site.sources)
    for (const [name, asset] of site.bundles) bundles.set(name, asset)
    return site
  }

  for (const name of site.pages.keys()) {
    const path = name === 'index.html' ? '/' : `/${name.slice(0, -'.html'.length)}`
    app.get(path, HIDDEN, (request, reply) => send(request, reply, fresh().pages.get(name)!, ASK_AGAIN))
  }
  app.get('/instrument.js', HIDDEN, (request, reply) =>
    send(request, reply, fresh().instrument, { ...ASK_AGAIN, ...ANY_ORIGIN }),
  )
  app.get<{ Params: { name: string } }>('/web/:name', HIDDEN, (request, reply) => {
    const asset = bundles.get(request.params.name)
    if (asset === undefined) throw fail('HTTP_NOT_FOUND', { path: `/web/${request.params.name}` })
    return send(request, reply, asset, FOREVER)
  })
}

/** Bodies are already compressed. */
const HIDDEN = { compress: false, config: { scope: 'public' }, schema: { hide: true } } as const

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { type, body, zipped, etag }: Asset,
  headers: Readonly<Record<string, string>>,
): FastifyReply {
  reply.headers({ ...HEADERS, ...headers, etag })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  return takesGzip ? reply.type(type).header('content-encoding', 'gzip').send(zipped) : reply.type(type).send(body)
}

function build(): Site {
  const files = readdirSync(WEB).filter((name) => name.endsWith('.html'))
  const texts = new Map(files.map((name) => [name, readFileSync(join(WEB, name), 'utf8')]))
  const entries = [...texts.values()].flatMap((text) => [...text.matchAll(REFERENCE)].map(([, , path = '']) => path))
  const { outputs, inputs } = bundle(WEB, [...new Set(entries), INSTRUMENT])
  const names = new Map(outputs.map(({ entry, name }) => [entry, name]))
  return {
    pages: new Map([...texts].map(([name, text]) => [name, assetOf('html', withNames(text, names))])),
    bundles: new Map(outputs.map(({ name, body }) => [name, assetOf(name.endsWith('.css') ? 'css' : 'js', body)])),
    instrument: assetOf('js', outputs.find(({ entry }) => entry === INSTRUMENT)!.body),
    sources: [...inputs, ...files.map((name) => join(WEB, name))],
  }
}

/** A script or a style of a page, by its source: `src="/web/now/page.tsx"`. */
const REFERENCE = /(src|href)="\/web\/([^"]+)"/g

const withNames = (text: string, names: ReadonlyMap<string, string>): Buffer =>
  Buffer.from(
    text.replaceAll(
      REFERENCE,
      (_, attribute: string, path: string) => `${attribute}="/web/${names.get(path) ?? path}"`,
    ),
  )

const assetOf = (type: keyof typeof TYPES, body: Buffer): Asset => ({
  type: TYPES[type],
  body,
  zipped: gzipSync(body, { level: 9 }),
  etag: `"${sha256(body).toString('hex').slice(0, 16)}"`,
})
