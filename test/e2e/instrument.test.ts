import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { createServer as createPages, type HttpServer } from '../../platform/http/index.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { Browser, Page } from 'playwright-core'
import { servePages } from '../../api/pages/pages.ts'
import { systemClock } from '../../platform/clock.ts'
import { collector, type Harness } from '../../producers/collector/harness.ts'
import { openBrowser } from './browser.ts'
import { record, PLAY, type Seen } from './instrument-page.ts'

/**
 * How far a time may be from the page's own, ms, at each edge of a state: the element is looked at every 100 ms and at
 * its events, the page looks every 10 ms, and on a busy machine either timer comes a few of its beats late.
 */
const EDGE_MS = 150
const MAX_BYTES = 6_000

type Row = Readonly<Record<string, number | string | null>>
const TIMES = [
  'starting_ms',
  'playing_ms',
  'stall_connection_ms',
  'stall_decoder_ms',
  'stall_ad_ms',
  'seeking_ms',
  'paused_ms',
  'waiting_ms',
]

let browser: Browser
let site: Server
let pages: HttpServer
let [address, origin] = ['', '']
before(
  async () => {
    browser = await openBrowser()
    site = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>player</title>'),
    ).listen(0, '127.0.0.1')
    await new Promise((listening) => site.once('listening', listening))
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    pages = createPages({ name: 'pages', logger: silentLogger, metrics: openMetrics() })
    servePages(pages)
    address = await pages.listen({ host: '127.0.0.1', port: 0 })
  },
  { timeout: 60_000 },
)
after(async () => {
  await browser.close()
  await pages.close()
  site.close()
})

async function open(): Promise<{ page: Page; own: Harness; url: string; faults: string[] }> {
  const own = await collector({ ingestKeys: ['page-key@playback.telemetry'] })
  const url = await own.app.listen({ host: '127.0.0.1', port: 0 })
  const page = await browser.newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  await page.goto(origin)
  return { page, own, url, faults }
}
const close = (own: number, page: number, edges: number, what: string): void =>
  assert.ok(Math.abs(own - page) <= edges * EDGE_MS, `${what}: ${own} ms here, ${Math.round(page)} ms by the page`)

describe('the instrument', { timeout: 120_000 }, () => {
  it('tells a collector what the page saw for itself, to the last moment', async (test) => {
    const { page, own, url, faults } = await open()
    assert.ok((await page.evaluate<number>(record(8_000))) > 20_000)
    const seen = await page.evaluate<Seen>(
      `${PLAY}(${JSON.stringify(url)}, ${JSON.stringify(`${address}/instrument.js`)})`,
    )
    const before = own.stored().length
    assert.ok(before > 3, 'state changes are told while it plays')
    const moving = await page.evaluate<number>('seen.moving')
    await page.goto('about:blank')
    const rows = (): Row[] => own.stored() as Row[]
    for (let i = 0; i < 100 && rows().every(({ state }) => state !== 'q'); i++) await systemClock.sleep(50)

    assert.ok(
      rows().some(({ state }) => state === 'q'),
      'the last beacon arrived',
    )
    const [first, final, last] = [
      rows()[0]!,
      rows().find(({ event }) => event === 'pe')!,
      rows().find(({ state }) => state === 'q')!,
    ]
    const total = (name: string): number => Number(final[name]) + Number(last[name])
    assert.deepEqual(
      [
        first['state'],
        first['seq'],
        first['oca'],
        first['title_id'],
        first['app_version'],
        first['country'],
        first['player'],
      ],
      ['s', 0, 'oca-1', 'film-1', '7.1', 'DE', 'page/1'],
    )
    const told = [
      last['startup_ms'],
      ...['paused_ms', 'seeking_ms', 'stall_connection_ms', 'playing_ms'].map(total),
    ].join(', ')
    test.diagnostic(
      `start-up, pause, seek, stall, playing: ${told} ms; by the page ${[seen.startup, seen.pause, seen.seek, seen.stall, moving].map(Math.round).join(', ')} ms`,
    )
    close(Number(last['startup_ms']), seen.startup, 1, 'start-up')
    assert.equal(last['startup_ms'], final['starting_ms'], 'start-up is the time spent starting')
    close(total('paused_ms'), seen.pause, 2, 'pause')
    close(total('seeking_ms'), seen.seek, 2, 'seek')
    close(total('stall_connection_ms'), seen.stall, 2, 'stall')
    close(total('playing_ms'), moving, 7, 'playing')
    close(total('media_ms'), total('playing_ms'), 2, 'media at the rate of one')
    assert.deepEqual(
      ['pause_count', 'seek_count', 'stall_connection_count', 'stall_decoder_count', 'errors_technical'].map(total),
      [1, 1, 1, 0, 0],
    )
    assert.ok(total('frames_rendered') > 50, `${total('frames_rendered')} frames`)
    assert.deepEqual(
      [last['oca'], last['segment'], last['segment_start'], last['end_reason']],
      ['oca-2', 1, final['event_time'], 'quit'],
    )
    for (const row of [final, last])
      assert.equal(
        TIMES.reduce((sum, name) => sum + Number(row[name]), 0),
        Number(row['event_time']) - Number(row['segment_start']),
        'all time is in some state',
      )
    const numbers = rows().map(({ seq }) => Number(seq))
    assert.deepEqual(
      [...new Set(numbers)].sort((a, b) => a - b),
      [...new Array(Math.max(...numbers) + 1).keys()],
      'no record is missing',
    )
    assert.deepEqual(
      rows().filter(({ event }) => event === 'pe').length,
      1,
      'the final that was sent again is known by its id',
    )
    assert.deepEqual(faults, [])
    await page.close()
  })

  it('counts a start by itself from the source on, and a film to its end', async () => {
    const { page, own, url } = await open()
    await page.evaluate(record(1_500))
    const [startup, wall] = await page.evaluate<[number, number]>(`(async (collector, from) => {
      const { instrument } = await import(from)
      const video = document.body.appendChild(Object.assign(document.createElement('video'), { muted: true, autoplay: true }))
      const source = new MediaSource()
      video.src = URL.createObjectURL(source)
      instrument(video, { collector, key: 'page-key', title: 'film-3' })
      const begun = performance.now()
      const at = (name) => new Promise((heard) => video.addEventListener(name, () => heard(performance.now() - begun), { once: true }))
      const [playing, ended] = [at('playing'), at('ended')]
      await new Promise((open) => source.addEventListener('sourceopen', open, { once: true }))
      await new Promise((late) => setTimeout(late, 700))
      const buffer = source.addSourceBuffer('video/webm; codecs="vp8"')
      buffer.addEventListener('updateend', () => source.endOfStream(), { once: true })
      buffer.appendBuffer(film)
      return [await playing, await ended]
    })(${JSON.stringify(url)}, ${JSON.stringify(`${address}/instrument.js`)})`)
    const rows = (): Row[] => own.stored() as Row[]
    for (let i = 0; i < 100 && rows().every(({ state }) => state !== 'e'); i++) await systemClock.sleep(50)
    const last = rows().at(-1)!
    assert.deepEqual(
      rows().map(({ state }) => state),
      ['s', 'p', 'e'],
    )
    assert.deepEqual(
      [last['end_reason'], last['pause_count'], last['stall_connection_count'], last['seek_count']],
      ['finished', 0, 0, 0],
    )
    close(Number(last['startup_ms']), startup, 1, 'start-up')
    close(Number(last['starting_ms']) + Number(last['playing_ms']), wall, 2, 'all of it')
    await page.close()
  })

  it('keeps what it could not send, and sends the same once it can', async () => {
    const { page, own, url } = await open()
    let refusals = 0
    await page.route('**/v1/events/**', async (route) =>
      refusals++ < 2
        ? route.fulfill({
            status: 503,
            headers: {
              'retry-after': '1',
              'access-control-allow-origin': '*',
              'access-control-expose-headers': 'retry-after',
            },
          })
        : route.continue(),
    )
    await page.evaluate(`(async (collector, from) => {
      const { instrument } = await import(from)
      const video = document.createElement('video')
      globalThis.handle = instrument(video, { collector, key: 'page-key', title: 'film-2' })
      video.src = '/none.webm'
      video.play().catch(() => undefined)
    })(${JSON.stringify(url)}, ${JSON.stringify(`${address}/instrument.js`)})`)
    for (let i = 0; i < 300 && own.stored().length < 2; i++) await systemClock.sleep(50)
    assert.deepEqual(
      (own.stored() as Row[]).map(({ state, error_code: code, errors_fatal: fatal }) => [state, code, fatal]),
      [
        ['s', '', 0],
        ['f', 'MEDIA_ERR_SRC_NOT_SUPPORTED', 1],
      ],
    )
    assert.deepEqual(await page.evaluate('handle.stats'), { acknowledged: 2, lost: 0, waiting: 0, requests: 3 })
    await page.close()
  })

  it('never throws into the page, whatever it is given', async () => {
    const { page, faults } = await open()
    const outcome = await page.evaluate(`(async (from) => {
      const { instrument } = await import(from)
      const handles = [instrument(undefined, undefined), instrument(document.createElement('video'), { collector: 'nowhere', title: 'x' }), instrument({}, { collector: 'http://127.0.0.1:9', title: 'x' })]
      for (const handle of handles) { handle.update({ oca: 'x' }); handle.update(undefined); handle.error('X'); handle.end() }
      return handles.length
    })(${JSON.stringify(`${address}/instrument.js`)})`)
    assert.equal(outcome, 3)
    assert.deepEqual(faults, [])
    await page.close()
  })

  it('weighs little', async (test) => {
    const answer = await fetch(`${address}/instrument.js`)
    const bytes = Number(answer.headers.get('content-length'))
    test.diagnostic(`instrument.js: ${bytes} bytes, gzipped`)
    assert.deepEqual(
      [answer.headers.get('content-encoding'), answer.headers.get('access-control-allow-origin')],
      ['gzip', '*'],
    )
    assert.ok(bytes > 1_000 && bytes <= MAX_BYTES, `${bytes} bytes`)
  })
})
