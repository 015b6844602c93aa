import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { openBrowser } from '../e2e/browser.ts'
import { faultsOf } from '../e2e/players/judge.ts'
import { record, type Recording } from '../e2e/players/play.ts'
import { PLAYERS, type Player } from '../e2e/players/players.ts'
import { keep } from '../e2e/players/recordings.ts'
import { SCENARIOS } from '../e2e/players/scenarios.ts'
import { openSite, type Site } from '../e2e/players/site.ts'
import { PLAYBACKS, told } from '../e2e/players/told.ts'

/** The same as test/e2e/cmcd-truth.test.ts, of playbacks in a browser now. */
describe('by CMCD alone, as played', { timeout: 600_000 }, () => {
  const played = new Map<string, Recording>()
  let sessions: Awaited<ReturnType<typeof told>>
  before(async () => {
    const browser = await openBrowser({ autoplay: true })
    const site = await openSite(browser)
    await browser.close()
    // One after the other: what a player does is its own, not that of a busy machine.
    for (const player of PLAYERS) await playEach(site, player)
    site.close()
    sessions = await told([...played.values()])
  })

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

  for (const { player, scenario } of PLAYBACKS)
    it(`${player}, ${scenario}: what the element showed is told`, () => {
      const recording = played.get(`${player} ${scenario}`)!
      assert.deepEqual(faultsOf(sessions.get(recording.session_id), recording), [])
    })
})
