import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { DAY_MS, MINUTE_MS } from '../../platform/time.ts'
import type { SessionsAnswer } from '../../web/shell/answers.ts'
import { openBrowser } from './browser.ts'
import { startLoop, type Loop } from './loop.ts'
import { faultsOf } from './players/judge.ts'
import { record, type Recording } from './players/play.ts'
import { PLAYERS, type Player } from './players/players.ts'
import { keep, kept, linesOf } from './players/recordings.ts'
import { SCENARIOS } from './players/scenarios.ts'
import { openSite, type Site } from './players/site.ts'

/**
 * What the running system tells of playbacks that players reported by CMCD alone, beside what the page saw of their
 * `<video>` elements: as played now, and as recorded.
 */
describe('by CMCD alone', { timeout: 400_000 }, () => {
  /** They were played so long ago that those who left without a word are known to have left. */
  const AGO_MS = 45 * MINUTE_MS
  let loop: Loop
  const told = new Map<string, SessionsAnswer['sessions'][number]>()
  const played = new Map<string, Recording>()
  const recordings: Readonly<Record<string, (player: string, scenario: string) => Recording>> = {
    played: (player, scenario) => played.get(`${player} ${scenario}`)!,
    recorded: kept,
  }

  before(async () => {
    await playAll()
    loop = await startLoop()
    for (const [set, of] of Object.entries(recordings))
      for (const { name: player } of PLAYERS)
        for (const { name: scenario } of SCENARIOS) {
          const recording = of(player, scenario)
          const lines = linesOf(recording, `${set} ${player} ${scenario}`, Date.now() - AGO_MS - recording.closed)
          await loop.send('cmcd', 'application/cmcd', lines)
        }
    await loop.send('cmcd', 'application/cmcd', othersNow())
    await loop.settle()
    const now = Date.now()
    const { sessions } = await loop.get<SessionsAnswer>(
      `sessions?clock=live&time=open&from=${now - DAY_MS}&to=${now}&limit=200`,
    )
    for (const session of sessions) told.set(session.session_id, session)
  })
  after(() => loop.stop())

  async function playAll(): Promise<void> {
    const browser = await openBrowser({ autoplay: true })
    const site = await openSite(browser)
    await browser.close()
    await Promise.all(PLAYERS.map((player) => playEach(site, player)))
    site.close()
  }

  /** Every scenario, one after the other, in a browser process of the player's own. */
  async function playEach(site: Site, player: Player): Promise<void> {
    const browser = await openBrowser({ autoplay: true })
    for (const scenario of SCENARIOS) {
      const recording = await record(browser, site, player, scenario)
      keep(recording)
      played.set(recording.session_id, recording)
    }
    await browser.close()
  }

  /** Viewers who watch now: a clock's present is where its players are. */
  const othersNow = (): string[] =>
    Array.from({ length: 10 }, (_, n) => `e=t,sid="other ${n}",sn=0,sta=p,ts=${systemClock.now()},v=2`)

  for (const [set, of] of Object.entries(recordings))
    describe(`as ${set}`, () => {
      for (const { name: player } of PLAYERS)
        for (const { name: scenario } of SCENARIOS)
          it(`${player}, ${scenario}: what the element showed is told`, () =>
            assert.deepEqual(faultsOf(told.get(`${set} ${player} ${scenario}`), of(player, scenario)), []))
    })
})
