import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { LiveFrame } from '../../api/qoe/schema.ts'
import { startTestApi, type TestApi } from '../api-harness.ts'
import { migrations as detect } from '../../models/detect/index.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { migrations as popularity } from '../../streams/popularity/index.ts'
import { beaconsOf, land, type Beacon, type Playback } from '../../streams/qoe/fixture.ts'
import { migrations as qoe, watchSessionsLag } from '../../streams/qoe/index.ts'
import { landedEnds, settle } from '../../streams/qoe/session/fixture.ts'
import { migrations as touched } from '../../streams/touched/index.ts'
import { openBrowser } from './browser.ts'

/** A real store, a real API and a real browser, for the tests of pages. */
/** What the pages looked like stays here. */
const SHOTS = process.env['SCREENSHOTS'] ?? join(import.meta.dirname, '..', '..', '.playloop', 'screenshots')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
// What runs in the browser is text: the types of this project are Node's.
const FAULTS = `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`
const TOPICS = [
  'playback.telemetry',
  'viewer.actions',
  'catalog.titles',
  'delivery.decisions',
  'delivery.requests',
] as const
export const PLACES = `document.querySelectorAll('#cells tbody tr').length > 0`
export const MINUTE_MS = 60_000
/** The world began twelve minutes ago, in its own time. */
export const T0 = Date.UTC(2026, 10, 23, 20)
export const COUNTRIES = ['DE', 'FR', 'US', 'BR']

/** 240 plays; those of BR stall. */
export const plays = (clock: string): Beacon[] =>
  Array.from({ length: 240 }, (_, i): Playback => {
    const country = COUNTRIES[i % COUNTRIES.length]!
    const stall = country === 'BR' ? 25_000 : i % 11 === 0 ? 4_000 : 0
    return {
      session: `v${i}`,
      country,
      start: T0 + i * 2_300,
      startup: 400 + (i % 37) * 60,
      phases: [
        { state: 'p', ms: 100_000 },
        { state: 'r', ms: stall },
        { state: 'p', ms: 120_000 + (i % 7) * 30_000 },
      ],
      cuts: i % 5 === 0 ? [40_000] : [],
      end: i % 29 === 0 ? 'f' : 'q',
    }
  })
    .flatMap((each) => beaconsOf(each, clock))
    .sort((a, b) => a.at - b.at)

/** In both themes, wide and narrow. */
export const LOOKS = [false, true].flatMap((dark) =>
  [1440, 390].map((width) => ({ dark, width, name: `${width}-${dark ? 'dark' : 'light'}` })),
)

/** Waits until an expression of the page is true. The page's own policy forbids waiting by eval within it. */
export async function until(page: Page, expression: string, ms = 10_000): Promise<void> {
  for (let waited = 0; !(await holds(page, expression)); waited += 50) {
    assert.ok(waited < ms, `still not: ${expression}`)
    await systemClock.sleep(50)
  }
}

/** A page that is just being replaced by the next one tells nothing yet. */
const holds = (page: Page, expression: string): Promise<boolean> =>
  page.evaluate<boolean>(expression).catch((error: unknown) => {
    if (!String(error).includes('Execution context was destroyed')) throw error
    return false
  })

/** What axe finds on the page; none = []. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  return page.evaluate<string[]>(FAULTS)
}

/** What is really on the page of a table: rows of texts. */
export const rowsOf = (page: Page, selector: string): Promise<string[][]> =>
  page.evaluate(
    `[...document.querySelectorAll('${selector}')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
  )

/** A page's first load: at most so many bytes of scripts, gzipped, in at most so many requests. */
const [MAX_SCRIPT_BYTES, MAX_SCRIPTS] = [35_000, 2]

/** Holds what a page has loaded of this server's scripts to the budget; returns it in words. */
export async function weigh(page: Page): Promise<string> {
  const scripts = await page.evaluate<string[]>(
    `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))`,
  )
  const sizes = await Promise.all(
    scripts.map(async (url) => {
      const answer = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })
      assert.equal(answer.headers.get('content-encoding'), 'gzip')
      return Number(answer.headers.get('content-length'))
    }),
  )
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  assert.ok(scripts.length > 0 && scripts.length <= MAX_SCRIPTS, `${scripts.length} scripts`)
  assert.ok(bytes > 5_000 && bytes <= MAX_SCRIPT_BYTES, `${bytes} bytes of scripts`)
  return `first load: ${bytes} bytes of scripts, gzipped, in ${scripts.length} requests`
}

export interface Look {
  readonly width?: number
  readonly dark?: boolean
  /** A page that does not come to figures of its own. */
  readonly bare?: boolean
}

export interface Stage {
  readonly api: TestApi
  /**
   * Lets the world live until that time; unless `made`, its sessions are left to the next call. `later`: ms from now at
   * which it is received.
   */
  pass(at: number, how?: { readonly made?: boolean; readonly later?: number }): Promise<void>
  /** Whether those who know what is committed answer. */
  brokers(there: boolean): void
  open(path?: string, look?: Look): Promise<Page>
  live(query?: string): Promise<LiveFrame>
  shot(page: Page, name: string): Promise<void>
  /** Stops the API; `serve` brings it back at its port, configured by these variables. */
  stop(): Promise<void>
  serve(port?: number, env?: Readonly<Record<string, string>>): Promise<void>
  close(): Promise<void>
}

/** `fill` puts into the store what shall be there from the beginning; `pass` adds the plays above. */
export async function openStage(fill?: (store: Store) => Promise<void>): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-page-'))
  const store: Store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
  await migrate(store, [
    ...TOPICS.flatMap((topic) => landingMigrations(topic)),
    ...touched,
    ...popularity,
    ...qoe,
    ...detect,
  ])
  await fill?.(store)
  const browser: Browser = await openBrowser()
  const beacons = plays('world')
  const listeners = new Set<(topic: string) => void>()
  let sent = 0
  let api!: TestApi
  let there = true
  const ends = landedEnds(store)
  const sessions = watchSessionsLag({
    store,
    clock: systemClock,
    metrics: openMetrics(),
    ends: () => (there ? ends() : Promise.reject(new Error('no broker'))),
    everyMs: 100,
  })
  const sink = {
    stats: () => ({
      rows: sent,
      deadLetters: 0,
      inserts: 4,
      retries: 0,
      lag: 0,
      lagTotal: 0,
      insertMs: { p50: 21, p99: 48 },
      partitions: [],
    }),
    onLanded: (listener: (topic: string) => void) => (listeners.add(listener), () => listeners.delete(listener)),
  }
  const stage: Stage = {
    get api() {
      return api
    },
    async pass(at, { made = true, later = 0 } = {}) {
      const due = beacons.slice(sent).filter((each) => each.at <= at)
      await land(
        store,
        due.map((each) => ({ ...each, received: Date.now() + later })),
        { offset: sent },
      )
      if (made) await settle(store)
      sent += due.length
      for (const listener of listeners) listener('playback.telemetry')
    },
    brokers: (answer) => void (there = answer),
    async open(path = '/', { width = 1440, dark = false, bare = false } = {}) {
      const page = await browser.newPage({
        viewport: { width, height: 900 },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'UTC',
      })
      page.on('pageerror', (error) => {
        throw error
      })
      await page.goto(`${api.url}${path}`)
      await until(
        page,
        bare
          ? `document.getElementById('headline') !== null`
          : `document.body.dataset.state === 'live' || document.body.dataset.state === 'paused'`,
      )
      return page
    },
    live: async (query = '') => (await fetch(`${api.url}/v1/qoe/live?${query}`)).json() as Promise<LiveFrame>,
    async shot(page, name) {
      mkdirSync(SHOTS, { recursive: true })
      await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
    },
    stop: () => api.stop(),
    async serve(port = 0, env = {}) {
      api = await startTestApi(
        {
          config: { ...readConfig(env), host: '127.0.0.1', port, dataDir: dir },
          clock: systemClock,
          logger: silentLogger,
          metrics: openMetrics(),
        },
        { store, sink, sessions },
      )
    },
    async close() {
      await browser.close()
      await api.stop()
      await sessions.stop()
      await store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  await stage.serve()
  return stage
}
