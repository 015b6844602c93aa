import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { percent } from '../../web/shell/format.ts'
import { countryName } from '../../web/now/world.ts'
import { missingWords } from '../../web/now/words.ts'
import type { MetricsAnswer, MetricsRow, SessionsAnswer } from '../../web/shell/answers.ts'
import { faults, LOOKS, openStage, rowsOf, until, type Look, type Stage } from './page-harness.ts'
import { landWorld } from './world-data.ts'

const REBUFFERING = 'metric=rebuffer_ratio:cta2066'
const FILLED = `['countries', 'networks', 'missing'].every((id) => document.querySelectorAll('#' + id + ' tbody tr').length > 0)`

describe('the panels of the last hour on the page Now, on a simulated world', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage(landWorld)
  })
  after(() => stage.close())
  const open = async (path = '/', look: Look = {}): Promise<Page> => {
    const page = await stage.open(path, look)
    await until(page, FILLED, 30_000)
    return page
  }
  const get = async <T>(path: string): Promise<T> => (await fetch(`${stage.api.url}${path}`)).json() as Promise<T>
  const rows = async (query: string): Promise<readonly MetricsRow[]> =>
    (await get<MetricsAnswer>(`/v1/qoe/metrics?${REBUFFERING}&${query}`)).answers.flatMap((answer) => answer.rows)
  /** Sessions that a link leads to. */
  const behind = async (page: Page, selector: string): Promise<number | undefined> => {
    const link = new URL(String(await page.locator(selector).first().getAttribute('href')), stage.api.url)
    assert.equal(link.pathname, '/sessions')
    return (await get<SessionsAnswer>(`/v1/qoe/sessions${link.search}`)).sums?.sessions
  }

  it('shows each country as a tile and as a row, with its sessions', async () => {
    const [page, told] = [await open(), await rows('group=country&limit=300')]
    const of = (country: string): MetricsRow => told.find(({ dimensions }) => dimensions['country'] === country)!
    const tiles = await page.evaluate<[string, string, number, number][]>(
      `[...document.querySelectorAll('#countries .tiles li')].map((tile) => [tile.querySelector('b').textContent, tile.querySelector('span').textContent, tile.offsetLeft, tile.offsetTop])`,
    )
    assert.equal(tiles.length, told.length)
    for (const [country, ratio] of tiles) assert.equal(ratio, percent(of(country).values[0]!.value), country)
    assert.equal(new Set(tiles.map(([, , left, top]) => `${left} ${top}`)).size, tiles.length, 'no two at one place')
    const twin = await page.evaluate<string[][]>(
      `[...document.querySelectorAll('#countries tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))`,
    )
    assert.deepEqual(
      twin.map(([name, ratio]) => [name, ratio]).sort(),
      tiles.map(([country, ratio]) => [`${countryName(country)} (${country})`, ratio]).sort(),
    )
    assert.equal(await behind(page, '#countries .tiles a'), of(tiles[0]![0]).sessions)
    await page.close()
  })

  it('puts first the network and OCA that worsen the whole most, and lets open what hides behind them', async () => {
    const [page, told] = [
      await open(),
      await rows('metric=startup:cta2066&quantile=0.5&group=asn&group=oca&sort=negative_impact&limit=12'),
    ]
    const shown = await rowsOf(page, '#networks tbody tr')
    assert.deepEqual(
      shown.map(([network, oca]) => [network, oca]),
      told.map(({ dimensions }) => [`AS ${dimensions['asn']}`, dimensions['oca']]),
    )
    assert.ok(
      shown.some(([network]) => network === 'AS 64513'),
      'the operator that degrades',
    )
    assert.equal(await behind(page, '#networks tbody a'), told[0]!.sessions)
    await page.close()
  })

  it('says how much telemetry is missing, by what is chosen by keys', async () => {
    const [page, [whole], told] = [await open(), await rows(''), await rows('group=country&limit=200')]
    assert.equal(await page.locator('#missing-says').innerText(), missingWords(whole))
    assert.ok(whole!.completeness! > 0.5 && whole!.completeness! <= 1)
    await page.locator('#missing-by').focus()
    await page.keyboard.type('country')
    await page.keyboard.press('Tab')
    await until(page, `document.querySelector('#missing thead th').textContent === 'country'`)
    const shown = await rowsOf(page, '#missing tbody tr')
    assert.deepEqual(
      shown.map(([country, arrived]) => [country, arrived]).sort(),
      told.map(({ dimensions, completeness }) => [dimensions['country'], percent(completeness)]).sort(),
    )
    assert.equal(
      await behind(page, '#missing tbody a'),
      told.find(({ dimensions }) => dimensions['country'] === shown[0]![0])!.sessions,
    )
    await page.close()
  })

  it('keeps the focus and the open table when it asks again, and follows the filters', async () => {
    const page = await open()
    await page.locator('#countries summary').click()
    await page.locator('#countries .tiles a').first().focus()
    const before = await page.evaluate('document.activeElement.textContent')
    const answered = page.waitForResponse((response) => response.url().includes('group=country'))
    await page.evaluate(
      `{ const pace = document.getElementById('refresh'); pace.value = '60'; pace.dispatchEvent(new Event('change', { bubbles: true })) }`,
    )
    await answered
    await until(
      page,
      `document.querySelector('#countries details').open && document.activeElement.textContent === ${JSON.stringify(before)}`,
    )
    await page.selectOption('#country', 'DE')
    await until(page, `document.querySelectorAll('#countries .tiles li').length === 1`, 30_000)
    assert.equal(await page.locator('#countries .tiles b').innerText(), 'DE')
    await until(
      page,
      `[...document.querySelectorAll('#networks tbody a, #missing tbody a')].every((link) => link.href.includes('filter=country%3ADE'))`,
    )
    await page.close()
  })

  it('says "no data" where nobody played, and what was refused', async () => {
    const page = await stage.open('/?clock=replay:none', { bare: true })
    await until(
      page,
      `document.querySelectorAll('#countries .none, #networks .none, #missing .none').length === 3 && !document.querySelector('#missing .skeleton')`,
    )
    for (const id of ['countries', 'networks', 'missing'])
      assert.equal(await page.locator(`#${id}`).innerText(), 'no data', id)
    assert.match(await page.locator('#missing-says').innerText(), /^no data: no session began/)
    await page.route('**/v1/qoe/metrics?**', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        body: JSON.stringify({ title: 'The store is away', code: 'STORE_AWAY', next: '' }),
      }),
    )
    await page.reload()
    await until(page, `document.getElementById('countries').textContent === 'The store is away (STORE_AWAY)'`)
    assert.deepEqual(await faults(page), [])
    await page.close()
  })

  for (const look of [...LOOKS, { width: 320, dark: false, name: '320-light' }]) {
    it(`has no fault that axe finds, ${look.name}`, async () => {
      const page = await open('/', look)
      await page.locator('#countries summary').click()
      await stage.shot(page, `now-world-${look.name}`)
      assert.deepEqual(await faults(page), [])
      assert.ok(
        await page.evaluate<boolean>('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
        'scrolls sideways',
      )
      await page.close()
    })
  }
})
