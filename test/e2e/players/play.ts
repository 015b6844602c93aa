import type { Browser, Page } from 'playwright-core'
import { systemClock } from '../../../platform/clock.ts'
import { sourceOf, versionOf, type Player } from './players.ts'
import type { Scenario } from './scenarios.ts'
import type { Site } from './site.ts'
import { truthOf, type Seen, type Truth } from './truth.ts'
import { WATCH } from './watch.ts'

/** A playback: what the player reported, and what the page saw of the element. */
export interface Recording {
  readonly player: string
  readonly version: string
  readonly scenario: string
  readonly outcome: Scenario['outcome']
  readonly session_id: string
  /** When the player was called, when the call returned, and when the page was closed, by the device's clock, ms. */
  readonly asked: number
  readonly returned: number
  readonly closed: number
  readonly truth: Truth
  readonly seen: readonly Seen[]
  /** Bodies as posted, in order: lines of CMCD event mode. */
  readonly bodies: readonly string[]
}

/** No scenario lasts longer, ms. */
const LIMIT_MS = 40_000
/** Time that a player has for its last report if nobody closes its page, ms. */
const LAST_REPORT_MS = 800

/** Time that a report may still be underway after its page has gone, ms. */
const UNDERWAY_MS = 200

/** Plays a scenario in a page of its own, to its end; a viewer who quits closes the page at once. */
export async function record(browser: Browser, site: Site, player: Player, scenario: Scenario): Promise<Recording> {
  const session = `${player.name} ${scenario.name}`
  const page = await browser.newPage()
  await page.goto(site.origin)
  await page.addScriptTag({ content: sourceOf(player) })
  await page.evaluate(WATCH)
  const [asked, returned] = await begin(page, player, [
    `${site.origin}/${scenario.name}`,
    `${site.origin}/cmcd/${encodeURIComponent(session)}`,
    session,
  ])
  await page.evaluate(viewer(scenario))
  if (scenario.outcome !== 'quit') await page.waitForTimeout(LAST_REPORT_MS)
  const [closed, seen] = await page.evaluate<[number, Seen[]]>('[Date.now(), seen]')
  // As a tab is closed: the page hides and unloads first.
  await page.goto('about:blank')
  await page.close()
  await systemClock.sleep(UNDERWAY_MS)
  return {
    player: player.name,
    version: versionOf(player),
    scenario: scenario.name,
    outcome: scenario.outcome,
    session_id: session,
    asked,
    returned,
    closed,
    truth: truthOf(asked, seen),
    seen,
    bodies: [...site.bodies(session)],
  }
}

/**
 * Makes the player ready, then asks it for playback; returns when, and when the call returned, by the page's clock. `args`: URL of the media
 * folder, URL of the collector, session id. `ended` of the page resolves at the end.
 */
export const begin = (
  page: Page,
  { prepare, begin: ask }: Player,
  args: readonly string[],
): Promise<[number, number]> =>
  page.evaluate<[number, number]>(`(async (media, to, sid) => {
  const video = document.querySelector('video')
  globalThis.ended = new Promise((over) => video.addEventListener('ended', over, { once: true }))
  ${prepare}
  const asked = Date.now()
  ${ask}
  return [asked, Date.now()]
})(...${JSON.stringify(args)})`)

const viewer = (scenario: Scenario): string => `(async () => {
  const video = document.querySelector('video')
  const sleep = (ms) => new Promise((over) => setTimeout(over, ms))
  const until = async (sure) => { while (!sure()) await sleep(5) }
  await Promise.race([sleep(${LIMIT_MS}), (async () => { ${scenario.viewer} })()])
})()`
