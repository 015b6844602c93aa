import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { Static } from 'typebox'
import type { MetricsAnswer } from '../../api/history/schema.ts'
import { unitOf } from '../../web/shell/units.ts'
import { percent } from '../../web/shell/format.ts'
import { faults, LOOKS, openStage, rowsOf, until, weigh, type Look, type Stage } from './page-harness.ts'
import { landWorld, WORLD_NOW } from './world-data.ts'

const DONE = `document.getElementById('cancel')?.hidden === true && document.body.dataset.state !== 'loading'`
const HOUR_MS = 3_600_000
const [FROM, TO] = [WORLD_NOW - 6 * HOUR_MS, WORLD_NOW]
const PERIOD = `from=${FROM}&to=${TO}`

describe('the page History', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage(landWorld)
  })
  after(() => stage.close())
  const open = async (query: string, look: Look = {}): Promise<Page> => {
    const page = await stage.open(`/history?${query}`, { ...look, bare: true })
    await until(page, DONE, 60_000)
    return page
  }
  const rows = async (query: string) => {
    const { answers } = (await (await fetch(`${stage.api.url}/v1/qoe/metrics?${query}`)).json()) as Static<
      typeof MetricsAnswer
    >
    return answers.flatMap((answer) => answer.rows)
  }
  const text = (page: Page, selector: string): Promise<string> => page.locator(selector).first().innerText()
  const parameters = (page: Page): [string, string][] => [...new URL(page.url()).searchParams]

  for (const look of LOOKS) {
    it(`has no fault that axe finds, with all it can show, ${look.name}`, async () => {
      const page = await open(
        `${PERIOD}&compare=at&compare_from=${FROM - 600_000}&metric=startup%3Acta2066&by=country&by2=device`,
        look,
      )
      await page.locator('#over-time summary').click()
      await page.locator('#histogram summary').click()
      await stage.shot(page, `history-startup-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
      const ratio = await open(`${PERIOD}&by=asn`, look)
      await stage.shot(ratio, `history-rebuffering-${look.name}`)
      assert.deepEqual(await faults(ratio), [])
      await ratio.close()
    })
  }

  it('says the numbers of the API: the whole, each step, each cell, all with their sessions', async () => {
    const page = await open(`${PERIOD}&by=asn`)
    const [whole] = await rows(`metric=rebuffer_ratio:cta2066&${PERIOD}`)
    assert.equal(await text(page, '#whole .great a'), percent(whole!.values[0]!.value))
    assert.match(await text(page, '#headline'), new RegExp(`^Rebuffer ratio: ${percent(whole!.values[0]!.value)} in `))
    const { low, high, value } = whole!.values[0]!
    if (low !== value || high !== value)
      assert.equal(await text(page, '#whole .muted'), `can be ${percent(low)} to ${percent(high)}`)
    const link = new URL(String(await page.locator('#whole .great a').getAttribute('href')), stage.api.url)
    assert.deepEqual(
      [link.pathname, ...link.searchParams],
      [
        '/sessions',
        ['clock', 'world'],
        ['metric', 'rebuffer_ratio:cta2066'],
        ['from', String(FROM)],
        ['to', String(TO)],
      ],
    )

    await page.locator('#over-time summary').click()
    const steps = await rows(`metric=rebuffer_ratio:cta2066&${PERIOD}&interval=300000`)
    const shown = await rowsOf(page, '#over-time tbody tr')
    assert.equal(shown.length, 72)
    assert.deepEqual(
      shown.map(([, cell]) => cell),
      Array.from({ length: 72 }, (_, i) =>
        percent(steps.find(({ at }) => at === FROM + i * 300_000)?.values[0]!.value ?? null),
      ),
    )

    const cells = await rows(`metric=rebuffer_ratio:cta2066&${PERIOD}&group=asn&sort=negative_impact`)
    const table = await rowsOf(page, '#breakdown tbody tr')
    assert.equal(table.length, cells.length)
    for (const [name, told] of table)
      assert.equal(told, percent(cells.find(({ dimensions }) => dimensions['asn'] === name)!.values[0]!.value), name)
    assert.deepEqual(
      table.slice(0, 3).map(([name]) => name),
      cells.slice(0, 3).map(({ dimensions }) => dimensions['asn']),
      'those first that worsen the whole most',
    )
    const [worst] = cells
    const behind = new URL(
      String(await page.locator('#breakdown tbody td a').first().getAttribute('href')),
      stage.api.url,
    )
    assert.deepEqual(behind.searchParams.getAll('filter'), [`asn:${worst!.dimensions['asn']}`])
    const { sessions } = (await (await fetch(`${stage.api.url}/v1/qoe/sessions${behind.search}&limit=200`)).json()) as {
      sessions: { parts: { numerator: number }[] }[]
    }
    assert.equal(sessions.length, Math.min(200, worst!.sessions))
    await page.close()
  })

  it('shows how sessions spread, and what they were before', async () => {
    const before = FROM - HOUR_MS
    const page = await open(`${PERIOD}&metric=startup%3Acta2066&compare=at&compare_from=${before}&by=`)
    const [now, then] = (
      await rows(`metric=startup:cta2066&${PERIOD}&quantile=0.5&histogram=true&compare_from=${before}`)
    ).sort((a, b) => a.period - b.period)
    const { format } = unitOf('ms')
    assert.deepEqual((await rowsOf(page, '#quantiles tbody tr'))[3], [
      'Median',
      format(now!.values[0]!.quantiles![0]!),
      format(then!.values[0]!.quantiles![0]!),
    ])
    assert.deepEqual(await page.locator('#whole .figure .great > a').allInnerTexts(), [
      format(now!.values[0]!.value),
      format(then!.values[0]!.value),
    ])
    await page.locator('#histogram summary').click()
    const counts = (await rowsOf(page, '#histogram tbody tr')).map(([, , count]) => Number(count!.replace(',', '')))
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      now!.values[0]!.histogram!.reduce((sum, [, count]) => sum + count!, 0),
      'every session is in a bucket that is drawn',
    )
    assert.equal(
      await page.locator('#breakdown').innerText(),
      'Choose a dimension in “Break down by” to see where it is worst.',
    )
    await page.locator('#histogram > svg').focus()
    await page.keyboard.press('End')
    assert.match(await text(page, '#cursor-voice'), /^\d.* s to \d.* (s|min): \d+ sessions$/)
    await page.close()
  })

  it('is narrowed by mouse and by keys, and Back widens it again', async () => {
    const page = await open(PERIOD)
    const box = (await page.locator('#over-time > svg').boundingBox())!
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + 60, { steps: 4 })
    assert.equal(await page.locator('#over-time .chosen').count(), 1)
    await page.mouse.up()
    await until(page, `!location.search.includes('from=${FROM}')`)
    await until(page, DONE)
    const [from, to] = ['from', 'to'].map((name) => Number(new URL(page.url()).searchParams.get(name)))
    assert.ok(
      from! > FROM + 3 * HOUR_MS && to! < TO - HOUR_MS / 2 && from! < to! && (to! - from!) % 300_000 === 0,
      `${from} ${to}`,
    )
    await page.goBack()
    await until(page, `location.search.includes('from=${FROM}') && ${DONE}`)

    await page.locator('#over-time > svg').focus()
    await page.keyboard.press('End')
    for (let i = 0; i < 11; i++) await page.keyboard.press('Shift+ArrowLeft')
    assert.match(await text(page, '#cursor-voice'), /19:00 to 20:00 chosen; Enter narrows to it$/)
    await page.keyboard.press('Enter')
    await until(page, `location.search.includes('from=${TO - HOUR_MS}') && ${DONE}`)
    assert.equal(await page.locator('#range').inputValue(), 'chosen')
    await page.locator('.moves button', { hasText: 'Wider' }).click()
    await until(page, `location.search.includes('to=${TO + HOUR_MS / 2}') && ${DONE}`)
    await page.selectOption('#range', '15m')
    await until(page, `!location.search.includes('from=') && ${DONE}`)
    assert.deepEqual(parameters(page), [['range', '15m']])
    await page.close()
  })

  it('is asked by keys alone: metric, dimensions, filters, order', async () => {
    const page = await open(PERIOD)
    await page.keyboard.press('/')
    assert.equal(await page.evaluate('document.activeElement.id'), 'metric')
    await page.selectOption('#metric', 'average_bitrate:cta2066')
    await until(page, `location.search.includes('average_bitrate') && ${DONE}`)
    await page.selectOption('#by2', 'device')
    await until(page, `document.querySelector('#breakdown-title').textContent === 'By country, device' && ${DONE}`)
    await page.selectOption('#filter-name', 'country')
    await page.locator('#filter-value').focus()
    await until(page, `document.querySelectorAll('#filter-values option').length > 1`)
    const [country] = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#filter-values option')].map(({ value }) => value)`,
    )
    await page.keyboard.type(country!)
    await page.keyboard.press('Enter')
    await until(page, `new URLSearchParams(location.search).getAll('filter').length === 1 && ${DONE}`)
    assert.match(await text(page, '#headline'), new RegExp(`^Average bitrate of country ${country}: `))
    assert.deepEqual([...new Set((await rowsOf(page, '#breakdown tbody tr')).map(([name]) => name))], [country])
    const order = page.locator('#breakdown button[name="sessions"]')
    await order.focus()
    for (const direction of ['descending', 'ascending']) {
      await page.keyboard.press('Enter')
      assert.equal(await page.locator('#breakdown th[aria-sort]').getAttribute('aria-sort'), direction)
      const column = (await page.locator('#breakdown thead th').allInnerTexts()).findIndex((name) =>
        name.startsWith('sessions'),
      )
      const counts = (await rowsOf(page, '#breakdown tbody tr')).map((cells) => Number(cells[column]))
      assert.deepEqual(
        counts,
        counts.toSorted((a, b) => (direction === 'ascending' ? a - b : b - a)),
      )
      assert.equal(await page.evaluate('document.activeElement.name'), 'sessions', 'the focus stays')
    }
    await page.locator('.chips button').click()
    await until(page, `!location.search.includes('filter=') && ${DONE}`)
    await page.close()
  })

  it('keeps views by name: the address is the view', async () => {
    const page = await open(`${PERIOD}&metric=startup%3Acta2066`)
    await page.locator('#view-name').fill('start-up, that evening')
    await page.keyboard.press('Enter')
    await page.goto(`${stage.api.url}/history`)
    await until(page, DONE)
    await page.locator('.views a', { hasText: 'start-up, that evening' }).click()
    await until(page, `location.search.includes('startup') && ${DONE}`)
    assert.deepEqual(parameters(page), [
      ['from', String(FROM)],
      ['to', String(TO)],
      ['metric', 'startup:cta2066'],
    ])
    assert.match(await text(page, '#headline'), /^Start-up time: /)
    await page.locator('.views button', { hasText: 'Rename' }).click()
    await page.keyboard.type('evening')
    await page.keyboard.press('Enter')
    assert.deepEqual(await page.locator('.views a').allInnerTexts(), ['evening'])
    await stage.shot(page, 'history-saved-1440-light')
    await page.reload()
    await until(page, DONE)
    await page.locator('.views button', { hasText: 'Delete' }).click()
    assert.equal(await page.locator('.views li').count(), 0)
    await page.close()
  })

  it('says what was refused and why, and that there is no data where there is none', async () => {
    for (const [query, words] of [
      ['filter=planet:mars', /must be NAME:VALUE.*\(API_QUERY_INVALID\)/],
      ['metric=happiness:ours', /there is no metric happiness:ours/],
      [`from=${TO}&to=${FROM}`, /to must be later than from/],
    ] as const) {
      const page = await open(query)
      assert.match(await text(page, '#banner'), words)
      assert.equal(await text(page, '#headline'), 'No answer to this question')
      assert.equal(await page.locator('#whole').isVisible(), false, 'and no figure of another')
      assert.deepEqual(await faults(page), [])
      await page.close()
    }
    for (const query of ['clock=replay%3Anone', `from=${TO + HOUR_MS}&to=${TO + 2 * HOUR_MS}`]) {
      const page = await open(query)
      assert.equal(await text(page, '#headline'), 'Rebuffer ratio: no data in this period')
      assert.match(await page.locator('#whole').innerText(), /no data/)
      assert.match(await page.locator('#over-time').innerText(), /no data/)
      assert.deepEqual(await faults(page), [])
      await stage.shot(page, `history-empty-${query.startsWith('clock') ? 'clock' : 'period'}`)
      await page.close()
    }
  })

  it('tells what takes long, and can be cancelled', async () => {
    const page = await open(PERIOD)
    await page.route('**/v1/qoe/metrics?**', () => undefined)
    await page.selectOption('#metric', 'startup.mean:cta2066')
    await until(page, `getComputedStyle(document.getElementById('progress')).visibility === 'visible'`)
    assert.match(await text(page, '#progress'), /Asking for the whole/)
    await page.locator('#cancel').click()
    assert.match(await text(page, '#progress'), /Cancelled/)
    await page.close()
  })

  it('fits 320 px without scrolling sideways, with targets large enough, and weighs little', async (test) => {
    const page = await open(`${PERIOD}&metric=startup%3Acta2066&compare=before&filter=country:DE`, { width: 320 })
    await page.locator('.more summary').click()
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )
    await stage.shot(page, 'history-320-light')
    assert.ok(scroll <= client, `${scroll} px wide in ${client}`)
    const small = await page.evaluate<string[]>(
      `[...document.querySelectorAll('a, button, select, summary, input')].filter((each) => each.offsetHeight > 0 && each.offsetHeight < 24 && !each.classList.contains('skip')).map(({ outerHTML }) => outerHTML.slice(0, 80))`,
    )
    assert.deepEqual(small, [])
    test.diagnostic(await weigh(page))
    await page.close()
  })
})
