import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { after, before, describe, it } from 'node:test'
import { chromium, type Browser } from 'playwright-core'
import { Decoder, fromRequestLog, isSupported } from '../../producers/cmcd/index.ts'
import { collector, type Harness } from '../../producers/collector/harness.ts'
import type { Values } from '../../producers/collector/samples.ts'
import { sessionsOf, type TelemetryRecord } from '../../streams/qoe/index.ts'
import { makeMedia, type Media } from './cmcd-media.ts'

/** What players really send by CMCD version 2, event mode, across origins: all of it is taken. */
const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

const library = (file: string): string =>
  readFileSync(path.join(import.meta.dirname, '../../node_modules', file), 'utf8')

interface Player {
  readonly name: string
  readonly script: string
  /** What its records tell: the states that it changes to, and the start-up. */
  readonly states: readonly string[]
  readonly startup: boolean
  /** Body of a function of (url of the media folder, url of the collector, session id): begins to play. */
  readonly play: string
}

const KEYS =
  "['bl', 'br', 'bs', 'bsa', 'bsd', 'bsda', 'cid', 'dfa', 'e', 'ec', 'msd', 'mtp', 'ot', 'pr', 'pt', 'sf', 'sid', 'sn', 'st', 'sta', 'ts', 'v', 'url', 'rc', 'ttfb', 'ttlb']"
const SHAKA = `const player = new shaka.Player()
  player.configure({ cmcd: { enabled: true, version: 2, sessionId: sid, contentId: 'tiny', eventTargets: [{ mode: 'event', enabled: true, url: to, events: ['ps', 't', 'rr', 'e'], interval: 2, useHeaders: false, version: 2, includeKeys: ${KEYS} }] } })
  await player.attach(video); await player.load(media + '/main.mpd')`
const PLAYERS: readonly Player[] = [
  {
    name: 'hls.js',
    script: 'hls.js/dist/hls.min.js',
    states: ['d', 's', 'p', 'e'],
    startup: false,
    play: `const hls = new Hls({ cmcd: { version: 2, sessionId: sid, contentId: 'tiny', eventTargets: [{ url: to, events: ['ps', 't', 'rr', 'e'], interval: 2, includeKeys: ${KEYS} }] } })
      hls.loadSource(media + '/main.m3u8'); hls.attachMedia(video)`,
  },
  {
    // It sends `msd` while it starts, each time larger, and none with the first frame.
    name: 'dash.js',
    script: 'dashjs/dist/modern/umd/dash.all.min.js',
    states: ['s', 'p', 'e'],
    startup: false,
    play: `const player = dashjs.MediaPlayer().create()
      player.updateSettings({ streaming: { cmcd: { enabled: true, version: 2, sid, cid: 'tiny', eventTargets: [{ enabled: true, url: to, events: ['ps', 't', 'rr', 'e'], interval: 2, enabledKeys: ${KEYS} }] } } })
      player.initialize(video, media + '/main.mpd', true)`,
  },
  {
    name: 'shaka, debug build',
    script: 'shaka-player/dist/shaka-player.compiled.debug.js',
    states: ['r', 'p', 'e'],
    startup: true,
    play: SHAKA,
  },
  // Its minifier renames the key of the state.
  { name: 'shaka', script: 'shaka-player/dist/shaka-player.compiled.js', states: [], startup: true, play: SHAKA },
]

let browser: Browser
let site: Server
let origin: string
let media: Media = new Map()
before(
  async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
    site = createServer(({ url = '' }, response) => {
      const file = media.get(url.split('?', 1)[0]!.replace('/media', ''))
      response.writeHead(url.startsWith('/media') && file === undefined ? 404 : 200, {
        'content-type': file?.type ?? 'text/html',
      })
      response.end(file?.body ?? '<!doctype html><title>player</title><video muted autoplay playsinline></video>')
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => site.once('listening', listening))
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    const page = await browser.newPage()
    await page.goto(origin)
    media = await makeMedia(page)
    await page.close()
  },
  { timeout: 60_000 },
)
after(async () => {
  await browser.close()
  site.close()
})

interface Played {
  readonly harness: Harness
  readonly bodies: readonly string[]
  readonly statuses: readonly number[]
  /** URLs that carried CMCD. */
  readonly requests: readonly string[]
  /** From the call that begins to play to the element's first frame, ms. */
  readonly waited: number
}

async function play({ script, play: begin }: Player, sid: string): Promise<Played> {
  const harness = await collector({ corsOrigins: [origin], ingestKeys: ['player@playback.telemetry'] })
  const to = `${await harness.app.listen({ host: '127.0.0.1', port: 0 })}/v1/cmcd?key=player`
  const page = await browser.newPage()
  const [bodies, statuses, requests]: [string[], number[], string[]] = [[], [], []]
  page.on('request', (request) => {
    if (request.url().includes('CMCD=')) requests.push(request.url())
    if (request.method() === 'POST' && request.url().startsWith(to)) bodies.push(request.postData() ?? '')
  })
  page.on(
    'response',
    (response) =>
      void (
        response.request().method() === 'POST' &&
        response.url().startsWith(to) &&
        statuses.push(response.status())
      ),
  )
  await page.goto(origin)
  await page.addScriptTag({ content: library(script) })
  await page.evaluate(
    `(async (media, to, sid) => { const video = document.querySelector('video'); const called = Date.now(); globalThis.waited = new Promise((first) => video.addEventListener('playing', () => first(Date.now() - called), { once: true })); ${begin}; globalThis.over = new Promise((over) => { video.onended = over; video.onerror = () => over(video.error.message) }) })(...${JSON.stringify([`${origin}/media`, to, sid])})`,
  )
  await page.evaluate("Promise.race([over, new Promise((late) => setTimeout(late, 25000, 'late'))])")
  const waited = await page.evaluate<number>(
    'Promise.race([waited, new Promise((late) => setTimeout(late, 1000, -1))])',
  )
  await page.waitForTimeout(1_000)
  await page.close()
  return { harness, bodies, statuses, requests, waited }
}

/**
 * Members of a logged request that are a bare number where version 2 has a list: mistyped, and nothing else is ignored.
 */
const bareLists = (url: string): number =>
  (new URL(url).searchParams.get('CMCD') ?? '').match(/(?<![^,])(?:br|bl|mtp|tb)=\d/g)?.length ?? 0

describe('players in a browser', { timeout: 240_000 }, () => {
  for (const player of PLAYERS) {
    it(`${player.name}: all its records are taken, and tell of a playback from start to end`, async (test) => {
      const sid = `session of ${player.name}`
      const { harness, bodies, statuses, requests, waited } = await play(player, sid)
      assert.ok(requests.length >= 3, 'request mode beside it, in the query of each segment')
      assert.ok(statuses.length > 0 && statuses.every((status) => status === 204), statuses.join())
      const metrics = (await harness.app.inject('/metrics')).body
      assert.doesNotMatch(metrics, /playloop_collector_re(jected|fused)_total\{/, 'nothing was refused')
      const decoder = new Decoder()
      const lines = bodies.flatMap((body) => body.split('\n')).filter((line) => line !== '')
      for (const line of lines) assert.equal((decoder.decode(line) as { ignored: number }).ignored, 0, line)
      const told = harness.stored()
      assert.equal(new Set(told.map(({ event_id }) => (event_id as Buffer).toString('hex'))).size, told.length)
      assert.ok(
        told.every(
          ({ session_id, source, title_id }) => session_id === sid && source === 'cmcd' && title_id === 'tiny',
        ),
      )
      const states = new Set(told.filter(({ event }) => event === 'ps').map(({ state }) => state))
      assert.deepEqual(
        player.states.filter((state) => !states.has(state)),
        [],
        `${[...states].join()} were told`,
      )
      assert.equal(
        told.some(({ startup_ms }: Values) => typeof startup_ms === 'number' && startup_ms > 10 && startup_ms < 20_000),
        player.startup,
      )
      // The collector's clock stands still in this harness: event times are taken as told.
      const records = told.map(({ received_time: _, ...record }) => record as unknown as TelemetryRecord)
      const [session, ...more] = sessionsOf(records, Date.now())
      assert.equal(more.length, 0)
      const { play: shown, finished, ebvs, stall_count, startup_ms, session_start, exact } = session!.numbers
      assert.deepEqual([shown, ebvs, stall_count, exact], [1, 0, 0, 0])
      assert.equal(finished, player.states.includes('e') ? 1 : 0, 'the end is told by a state')
      assert.ok(session_start > Date.now() - 60_000, 'there since its request, not since 1970')
      test.diagnostic(`start-up of ${startup_ms} ms, ${waited} ms from the call to the first frame`)
      assert.ok(startup_ms >= 0 && startup_ms <= waited + 50, `${startup_ms} of ${waited} ms`)
      for (const url of requests) {
        const { record } = fromRequestLog(url)!
        assert.ok(isSupported(record) && record.sid === sid, url)
        assert.equal(record.ignored, bareLists(url), url)
      }
    })
  }
})
