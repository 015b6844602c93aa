import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { encodeSegments, manifestsOf, type MediaFile } from './media.ts'
import { SCENARIOS } from './scenarios.ts'

/** A server of pages, of media on the network of each scenario, and of whatever players report to it. */
export interface Site {
  readonly origin: string
  /** Bodies posted to `/cmcd/NAME`, in the order of their arrival. */
  bodies(name: string): readonly string[]
  close(): void
}

const PAGE = '<!doctype html><title>player</title><video muted autoplay playsinline></video>'
const MAX_SEGMENTS = Math.max(...SCENARIOS.map(({ segments }) => segments))

/** Media lie at `/SCENARIO/main.m3u8` and `main.mpd`; the browser encodes them. */
export async function openSite(browser: Browser): Promise<Site> {
  const reports = new Map<string, string[]>()
  let media: readonly Buffer[] = []
  const server = createServer((request, response) => {
    const [, folder = '', name = ''] = decodeURIComponent(request.url!.split('?', 1)[0]!).split('/')
    if (folder === '') response.setHeader('content-type', 'text/html').end(PAGE)
    else if (folder === 'cmcd') void keep(request, response, reports, name)
    else serve(response, folder, name, media)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const page = await browser.newPage()
  await page.goto(origin)
  media = await encodeSegments(page, MAX_SEGMENTS)
  await page.close()
  return { origin, bodies: (name) => reports.get(name) ?? [], close: () => void server.close() }
}

async function keep(
  request: IncomingMessage,
  response: ServerResponse,
  reports: Map<string, string[]>,
  name: string,
): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString()
  reports.set(name, [...(reports.get(name) ?? []), body])
  response.writeHead(204).end()
}

function serve(response: ServerResponse, folder: string, name: string, media: readonly Buffer[]): void {
  const scenario = SCENARIOS.find((each) => each.name === folder)
  const manifest = scenario && scenario.segments > 0 ? manifestsOf(scenario.segments)[name] : undefined
  if (manifest !== undefined) return send(response, manifest)
  const number = Number(/^(\d+)\.m4s$/.exec(name)?.[1] ?? NaN)
  const [body, ms] = [media[number], number === 0 ? 0 : scenario?.takes(number)]
  if (body === undefined || ms === undefined) return void response.writeHead(404).end()
  trickle(response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': body.length }), body, ms)
}

const send = (response: ServerResponse, { type, body }: MediaFile): void =>
  void response.writeHead(200, { 'content-type': type }).end(body)

const STEP_MS = 50
/** Spreads a body evenly over the time: players give up on a server that is silent, not on one that is slow. */
function trickle(response: ServerResponse, body: Buffer, ms: number): void {
  const began = performance.now()
  let sent = 0
  const step = (): void => {
    const due = ms === 0 ? 1 : Math.min(1, (performance.now() - began) / ms)
    const until = Math.floor(body.length * due)
    if (until > sent) response.write(body.subarray(sent, until))
    sent = until
    if (sent === body.length) response.end()
    else if (!response.destroyed) setTimeout(step, Math.min(STEP_MS, ms))
  }
  step()
}
