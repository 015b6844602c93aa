import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { Decoder, fromRequestLog, isSupported } from '../../producers/cmcd/index.ts'
import { collector, type Harness } from '../../producers/collector/harness.ts'
import type { Values } from '../../producers/collector/samples.ts'
import { openBrowser } from './browser.ts'
import { begin } from './players/play.ts'
import { PLAYERS, sourceOf, type Player } from './players/players.ts'
import { openSite, type Site } from './players/site.ts'

/** What players really send by CMCD version 2, event mode, across origins: all of it is taken. */

/** What a player's records tell: the states that it changes to, and whether there is a start-up. */
const TOLD: Readonly<Record<string, { readonly states: readonly string[]; readonly startup: boolean }>> = {
  'hls.js': { states: ['d', 's', 'p', 'e'], startup: false },
  // It sends `msd` while it starts, each time larger, and none with the first frame.
  'dash.js': { states: ['s', 'p', 'e'], startup: false },
  'shaka-debug': { states: ['r', 'p', 'e'], startup: true },
  shaka: { states: [], startup: true },
}

let browser: Browser
let site: Site
before(
  async () => {
    browser = await openBrowser({ autoplay: true })
    site = await openSite(browser)
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
}

async function play(player: Player, sid: string): Promise<Played> {
  const harness = await collector({ corsOrigins: [site.origin], ingestKeys: ['player@playback.telemetry'] })
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
  await page.goto(site.origin)
  await page.addScriptTag({ content: sourceOf(player) })
  await begin(page, player, [`${site.origin}/clean`, to, sid])
  await page.evaluate('Promise.race([ended, new Promise((late) => setTimeout(late, 25_000))])')
  await page.waitForTimeout(1_000)
  await page.close()
  return { harness, bodies, statuses, requests }
}

/**
 * Members of a logged request that are a bare number where version 2 has a list: mistyped, and nothing else is ignored.
 */
const bareLists = (url: string): number =>
  (new URL(url).searchParams.get('CMCD') ?? '').match(/(?<![^,])(?:br|bl|mtp|tb)=\d/g)?.length ?? 0

describe('players in a browser', { timeout: 240_000 }, () => {
  for (const player of PLAYERS) {
    it(`${player.name}: all its records are taken, and tell of a playback from start to end`, async () => {
      const sid = `session of ${player.name}`
      const { harness, bodies, statuses, requests } = await play(player, sid)
      const expected = TOLD[player.name]!
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
        told.every(({ session_id, source, title_id }) => session_id === sid && source === 'cmcd' && title_id === sid),
      )
      const states = new Set(told.filter(({ event }) => event === 'ps').map(({ state }) => state))
      assert.deepEqual(
        expected.states.filter((state) => !states.has(state)),
        [],
        `${[...states].join()} were told`,
      )
      assert.equal(
        told.some(({ startup_ms }: Values) => typeof startup_ms === 'number' && startup_ms > 10 && startup_ms < 20_000),
        expected.startup,
      )
      for (const url of requests) {
        const { record } = fromRequestLog(url)!
        assert.ok(isSupported(record) && record.sid === sid, url)
        assert.equal(record.ignored, bareLists(url), url)
      }
    })
  }
})
