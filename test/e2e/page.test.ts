import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { LiveFrame } from '../../api/qoe/schema.ts'
import { startApi, type RunningApi } from '../../api/server.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLog } from '../../platform/log.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { migrations as popularity } from '../../streams/popularity/index.ts'
import { beaconsOf, land, type Beacon, type Playback } from '../../streams/qoe/fixture.ts'
import { migrations as qoe } from '../../streams/qoe/index.ts'
import { migrations as touched } from '../../streams/touched/index.ts'
import { amount, bitrate, percent } from '../../web/format.ts'

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
/** Set to keep what the page looked like. */
const SHOTS = process.env['SCREENSHOTS']
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// What runs in the browser is text: the types of this project are Node's.
const PLACES = `document.querySelectorAll('#cells tbody tr').length > 0`
const FAULTS = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`
const MINUTE_MS = 60_000
/** The world began twelve minutes ago, in its own time. */
const T0 = Date.UTC(2026, 10, 23, 20)
const COUNTRIES = ['DE', 'FR', 'US', 'BR']

/** 240 plays; those of BR stall. */
const plays = (clock: string): Beacon[] => Array.from({ length: 240 }, (_, i): Playback => {
  const country = COUNTRIES[i % COUNTRIES.length]!
  const stall = country === 'BR' ? 25_000 : i % 11 === 0 ? 4_000 : 0
  return {
    session: `v${i}`, country, start: T0 + i * 2_300, startup: 400 + (i % 37) * 60,
    phases: [{ state: 'p', ms: 100_000 }, { state: 'r', ms: stall }, { state: 'p', ms: 120_000 + (i % 7) * 30_000 }], cuts: i % 5 === 0 ? [40_000] : [], end: i % 29 === 0 ? 'f' : 'q',
  }
}).flatMap((each) => beaconsOf(each, clock)).sort((a, b) => a.at - b.at)

/** Waits until an expression of the page is true. The page's own policy forbids waiting by eval within it. */
async function until(page: Page, expression: string, ms = 10_000): Promise<void> {
  for (let waited = 0; !(await page.evaluate<boolean>(expression)); waited += 50) {
    assert.ok(waited < ms, `still not: ${expression}`)
    await systemClock.sleep(50)
  }
}

describe('the page Now', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-page-'))
  const beacons = plays('world')
  let [store, api, browser]: [Store?, RunningApi?, Browser?] = []
  let sent = 0
  const listeners = new Set<(topic: string) => void>()
  const sink = {
    stats: () => ({ rows: sent, deadLetters: 0, inserts: 4, retries: 0, lag: 0, lagTotal: 0, insertMs: { p50: 21, p99: 48 }, partitions: [] }),
    onLanded: (listener: (topic: string) => void) => (listeners.add(listener), () => listeners.delete(listener)),
  }
  /** Lets the world live until that time. */
  const pass = async (at: number): Promise<void> => {
    const due = beacons.slice(sent).filter((each) => each.at <= at)
    await land(store!, due.map((each) => ({ ...each, received: Date.now() })), { offset: sent })
    sent += due.length
    for (const listener of listeners) listener('playback.telemetry')
  }
  const open = async (path = '/', { width = 1440, dark = false } = {}): Promise<Page> => {
    const page = await browser!.newPage({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' })
    page.on('pageerror', (error) => { throw error })
    await page.goto(`${api!.url}${path}`)
    await until(page, `!document.getElementById('headline').textContent.startsWith('Waiting')`)
    return page
  }
  const serve = async (port: number): Promise<void> => {
    api = await startApi({ config: { ...readConfig({}), host: '127.0.0.1', port, dataDir: dir }, clock: systemClock, log: silentLog, metrics: openMetrics() }, { store: store!, sink })
  }
  const shot = async (page: Page, name: string): Promise<void> => {
    if (SHOTS === undefined) return
    mkdirSync(SHOTS, { recursive: true })
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  }
  const live = async (query = ''): Promise<LiveFrame> => (await fetch(`${api!.url}/v1/qoe/live?${query}`)).json() as Promise<LiveFrame>
  const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allTextContents()
  const rowsOf = (page: Page, selector: string): Promise<string[][]> =>
    page.evaluate(`[...document.querySelectorAll('${selector}')].map((row) => [...row.cells].map((cell) => cell.textContent))`)

  before(async () => {
    assert.ok(existsSync(CHROMIUM), `this test drives a real browser: install Chromium, or name it by CHROMIUM_PATH (${CHROMIUM} is not there)`)
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    await migrate(store, [...landingMigrations('playback.telemetry'), ...landingMigrations('viewer.actions'), ...landingMigrations('catalog.titles'), ...touched, ...popularity, ...qoe])
    await serve(0)
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  })
  after(async () => {
    await browser?.close()
    await api?.stop()
    await store?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('says so while there is nothing, and what would fill it', async () => {
    const page = await open()
    assert.match(await page.locator('#headline').innerText(), /Nobody plays/)
    assert.match(await page.locator('#note').innerText(), /npm start/)
    await shot(page, 'empty-1440-light')
    await page.close()
  })

  it('moves by itself', async () => {
    await pass(T0 + 10 * MINUTE_MS + 5_000)
    const page = await open()
    await until(page, PLACES)
    const path = (): Promise<string> => page.locator('#charts figure').first().locator('path.partial').first().getAttribute('d').then(String)
    const [line, headline] = [await path(), await page.locator('#headline').innerText()]
    assert.match(headline, /plays, rebuffering .* %, worst at BR/)
    await pass(T0 + 10 * MINUTE_MS + 40_000)
    await until(page, `document.querySelector('#charts figure:first-child path.partial').getAttribute('d') !== '${line}'`, 5_000)
    await pass(T0 + 11 * MINUTE_MS + 30_000)
    await until(page, `document.getElementById('note').textContent.includes('20:10')`, 5_000)
    assert.equal(await page.locator('#connection').innerText(), 'live')
    await page.close()
  })

  it('shows the numbers of the API, in tiles, tables and charts', async () => {
    const [page, frame] = [await open(), await live()]
    await until(page, PLACES)
    const minute = frame.minutes.findLast(({ partial }) => !partial)!
    const { total } = minute
    const tiles = Object.fromEntries((await texts(page, '.tile .name')).map((name, i) => [name, i]))
    const values = await texts(page, '.tile .value')
    assert.equal(values[tiles['Concurrent plays']!], amount(total['concurrent_plays:active_minute']))
    assert.equal(values[tiles['Attempts']!], amount(total.attempts))
    assert.equal(values[tiles['Rebuffering']!], percent(total['rebuffer_ratio:cta2066']))
    assert.equal(values[tiles['Average bitrate']!], bitrate(total['average_bitrate:cta2066']))
    assert.match(String(await page.locator('.tile abbr').nth(3).getAttribute('title')), /^rebuffer_ratio:cta2066: Time stalled divided by watched time/)
    const places = await rowsOf(page, '#cells tbody tr')
    const expected = minute.groups.toSorted((a, b) => (b['rebuffer_ratio:cta2066'] ?? -1) - (a['rebuffer_ratio:cta2066'] ?? -1))
    assert.equal(places.length, expected.length)
    assert.deepEqual(places.map((cells) => cells[5]), expected.map((row) => percent(row['rebuffer_ratio:cta2066'])))
    assert.ok(places.some(([place, plays]) => minute.groups.some((row) => place === `${row.country} · ${row.oca}` && plays === amount(row['concurrent_plays:active_minute']))))
    await page.close()
  })

  it('draws what its tables say', async () => {
    const [page, frame] = [await open(), await live()]
    const figures = page.locator('#charts figure')
    assert.equal(await figures.count(), 4)
    for (let i = 0; i < 4; i++) {
      const figure = figures.nth(i)
      assert.equal(await figure.locator('svg').getAttribute('role'), 'img')
      assert.ok(String(await figure.locator('svg').getAttribute('aria-label')).length > 20)
    }
    await figures.nth(1).locator('summary').click()
    assert.deepEqual((await rowsOf(page, '#charts figure:nth-child(2) tbody tr')).map(([, ratio]) => ratio), frame.minutes.map(({ total }) => percent(total['rebuffer_ratio:cta2066'])))
    await page.close()
  })

  it('is read by keys alone', async () => {
    const page = await open()
    await page.keyboard.press('?')
    assert.equal(await page.evaluate(`document.getElementById('help').open`), true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    assert.equal(await page.evaluate('document.activeElement.id'), 'clock')
    await page.locator('#charts svg').first().focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    assert.match(await page.locator('#cursor-voice').innerText(), /^20:10: concurrent \d+, attempts \d+/)
    assert.equal(await page.locator('#cursor-voice').getAttribute('aria-live'), 'polite')
    await page.keyboard.press('t')
    assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark')
    await page.reload()
    assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark')
    await page.close()
  })

  it('keeps what was chosen in the address', async () => {
    const page = await open()
    await page.selectOption('#group', 'country')
    await until(page, `document.querySelectorAll('#cells tbody tr').length === ${COUNTRIES.length}`)
    assert.equal(new URL(page.url()).searchParams.get('group'), 'country')
    await page.reload()
    await until(page, `document.querySelectorAll('#cells tbody tr').length === ${COUNTRIES.length}`)
    await page.close()
  })

  it('says when it is cut off, and comes back', async () => {
    const page = await open()
    const { port } = new URL(api!.url)
    await api!.stop()
    await until(page, `/reconnecting|stale/.test(document.getElementById('connection').textContent)`, 10_000)
    await shot(page, 'cut-off-1440-light')
    await serve(Number(port))
    await until(page, `document.getElementById('connection').textContent === 'live'`, 15_000)
    await page.close()
  })

  for (const dark of [false, true]) for (const width of [1440, 390]) {
    it(`has no fault that axe finds, ${dark ? 'dark' : 'light'} at ${width} px`, async () => {
      const page = await open('/', { width, dark })
      await until(page, `${PLACES} && document.querySelectorAll('#sink td').length > 0`)
      await shot(page, `now-${width}-${dark ? 'dark' : 'light'}`)
      await page.evaluate(AXE)
      assert.deepEqual(await page.evaluate(FAULTS), [])
      await page.close()
    })
  }

  it('fits 320 px without scrolling sideways', async () => {
    const page = await open('/', { width: 320 })
    await until(page, PLACES)
    const [scroll, client] = await page.evaluate<[number, number]>('[document.documentElement.scrollWidth, document.documentElement.clientWidth]')
    await shot(page, 'now-320-light')
    assert.ok(scroll <= client, `${scroll} px wide in ${client}`)
    await page.close()
  })

  it('weighs little', async () => {
    const files = ['/', '/web/style.css', '/web/live.ts', '/web/chart.ts', '/web/view.ts', '/web/format.ts']
    const answers = await Promise.all(files.map((path) => fetch(`${api!.url}${path}`)))
    assert.deepEqual(answers.map(({ headers }) => headers.get('content-encoding')), files.map(() => 'gzip'))
    const onTheWire = answers.reduce((sum, { headers }) => sum + Number(headers.get('content-length')), 0)
    assert.ok(onTheWire > 1_000 && onTheWire <= 30_000, `${onTheWire} bytes`)
  })
})
