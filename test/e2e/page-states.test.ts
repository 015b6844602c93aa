import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { SECTIONS } from '../../web/shell/sections.ts'
import { faults, LOOKS, MINUTE_MS, openStage, PLACES, T0, until, weigh, type Stage } from './page-harness.ts'

describe('states of a page', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => stage.close())
  const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText()

  for (const look of LOOKS) {
    it(`empty: says what would fill it, without a fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/', look)
      assert.equal(await text(page, 'headline'), 'Nobody plays on the clock “world”')
      assert.match(await text(page, 'note'), /npm start/)
      await stage.shot(page, `now-empty-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
    })
  }

  it('loading: the true layout, seen after 150 ms, and no figure that is not there', async () => {
    const slow = await stage.open('/?refresh=off')
    await slow.route('**/v1/qoe/live?**', () => undefined)
    await slow.reload()
    await until(slow, `document.body.dataset.state === 'loading'`)
    assert.equal(await slow.locator('#main').getAttribute('aria-busy'), 'true')
    assert.equal(await slow.locator('#charts figure').count(), 6)
    assert.equal(await slow.evaluate(`getComputedStyle(document.getElementById('headline')).animationDelay`), '0.15s')
    assert.deepEqual(await slow.locator('#charts path.line').count(), 0)
    assert.doesNotMatch(
      await slow.locator('#charts, .panel.wide').allInnerTexts().then(String),
      /no data/,
      'what is not known yet is not “no data”',
    )
    await stage.shot(slow, 'now-loading-1440-light')
    assert.deepEqual(await faults(slow), [])
    await slow.close()
  })

  for (const look of LOOKS) {
    it(`live: no fault that axe finds, ${look.name}`, async () => {
      await stage.pass(T0 + 11 * MINUTE_MS + 30_000)
      const page = await stage.open('/', look)
      await until(
        page,
        `${PLACES} && document.querySelectorAll('#sink td').length > 0 && document.querySelector('#note').textContent.includes('20:10')`,
      )
      await page.locator('#startup summary').click()
      await stage.shot(page, `now-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
    })
  }

  it('with a cursor and its keys: as free of faults', async () => {
    const page = await stage.open('/', { dark: true })
    await until(page, PLACES)
    await page.locator('#startup > svg').hover({ position: { x: 180, y: 60 } })
    assert.equal(await page.locator('svg .cursor').count(), 6)
    await stage.shot(page, 'now-cursor-1440-dark')
    await page.keyboard.press('?')
    await stage.shot(page, 'now-keys-1440-dark')
    assert.deepEqual(await faults(page), [])
    await page.close()
  })

  it('stale: tells the age of what it shows', async () => {
    const page = await stage.open('/')
    await until(page, PLACES)
    // The stream stays open and says nothing more: time passes for the page alone.
    await page.evaluate(`{ const now = performance.now.bind(performance); performance.now = () => now() + 9_000 }`)
    await until(page, `document.body.dataset.state === 'stale'`, 3_000)
    assert.match(await text(page, 'connection'), /stale, \d+ s old/)
    assert.match(await text(page, 'banner'), /No new figures come\. What is shown is \d+ s old/)
    await until(page, `document.body.dataset.state === 'live'`, 8_000)
    await page.close()
  })

  it('paused: asks for nothing, and says how old it is', async () => {
    const page = await stage.open('/?refresh=off')
    await until(page, PLACES)
    assert.match(await text(page, 'connection'), /paused, \d+ s old/)
    await page.selectOption('#refresh', '10')
    await until(page, `document.body.dataset.state === 'live'`)
    assert.equal(new URL(page.url()).searchParams.get('refresh'), '10')
    await page.selectOption('#refresh', 'live')
    await until(page, `document.body.dataset.state === 'live' && location.search === ''`)
    await page.close()
  })

  it('error: what happened, its code, what to do', async () => {
    const page = await stage.open('/?minutes=31', { bare: true })
    await until(page, `document.body.dataset.state === 'error'`)
    assert.match(
      await text(page, 'banner'),
      /^The request is not understood: minutes .*\(API_QUERY_INVALID\)\. See .*openapi.json/,
    )
    assert.equal(await text(page, 'headline'), 'No figures yet')
    assert.deepEqual(await faults(page), [])
    await stage.shot(page, 'now-error-1440-light')
    await page.close()
  })

  it('cut off: keeps what it shows, tells its age, and comes back by itself', async () => {
    const page = await stage.open()
    await until(page, PLACES)
    const port = Number(new URL(stage.api.url).port)
    await stage.stop()
    await until(page, `document.body.dataset.state === 'error'`, 10_000)
    assert.match(await text(page, 'banner'), /does not answer \(NO_ANSWER\).*What is shown is \d+ s old/)
    assert.ok((await page.locator('#cells tbody tr').count()) > 0)
    await stage.shot(page, 'now-cut-off-1440-light')
    assert.deepEqual(await faults(page), [])
    await stage.serve(port)
    await until(page, `document.body.dataset.state === 'live'`, 15_000)
    assert.equal(await page.locator('#banner').isVisible(), false)
    await page.close()
  })

  it('offline: says that it is this device', async () => {
    const page = await stage.open()
    await until(page, PLACES)
    await page.context().setOffline(true)
    await until(page, `document.body.dataset.state === 'offline'`)
    assert.match(await text(page, 'banner'), /This device is offline/)
    await page.context().setOffline(false)
    await until(page, `document.body.dataset.state === 'live'`, 15_000)
    await page.close()
  })

  it('fits 320 px without scrolling sideways, and its targets are large enough', async () => {
    const page = await stage.open('/', { width: 320 })
    await until(page, PLACES)
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )
    await stage.shot(page, 'now-320-light')
    assert.ok(scroll <= client, `${scroll} px wide in ${client}`)
    const small = await page.evaluate<string[]>(
      `[...document.querySelectorAll('a, button, select, summary')].filter((each) => each.offsetHeight > 0 && each.offsetHeight < 24 && !each.classList.contains('skip')).map(({ outerHTML }) => outerHTML.slice(0, 80))`,
    )
    assert.deepEqual(small, [])
    await page.close()
  })

  it('moves nothing for those who asked for stillness', async () => {
    const page = await stage.open()
    assert.deepEqual(
      await page.evaluate(`document.getAnimations().filter(({ effect }) => effect.getTiming().duration > 0).length`),
      0,
    )
    await page.evaluate(`document.getElementById('connection').style.setProperty('transition-duration', '2s')`)
    assert.equal(
      await page.evaluate(`getComputedStyle(document.getElementById('connection')).transitionDuration`),
      '0s',
      'whoever adds motion',
    )
    await page.close()
  })

  it('shows the sections that there are, and only those', async () => {
    const page = await stage.open()
    assert.deepEqual(
      await page.evaluate(
        `[...document.querySelectorAll('nav a')].map((link) => [link.textContent, link.getAttribute('href')])`,
      ),
      SECTIONS.map(({ name, path }) => [name, path]),
    )
    for (const { path } of SECTIONS) assert.equal((await fetch(`${stage.api.url}${path}`)).status, 200, path)
    await page.close()
  })

  it('weighs little', async (test) => {
    const page = await stage.open('/', { bare: true })
    await until(page, PLACES)
    test.diagnostic(await weigh(page))
    assert.ok(readFileSync(join(import.meta.dirname, '../../web/index.html'), 'utf8').includes('<noscript>'))
    await page.close()
  })
})
