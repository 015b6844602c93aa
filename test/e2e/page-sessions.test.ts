import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { exactly, percent, seconds } from '../../web/shell/format.ts'
import type { MetricsAnswer, SessionsAnswer } from '../../web/shell/answers.ts'
import { shortId } from '../../web/sessions/view.ts'
import { sessionLink, sessionsLink } from '../../web/shell/links.ts'
import { faults, LOOKS, openStage, rowsOf, until, weigh, type Stage } from './page-harness.ts'
import { landWorld, WORLD_NOW } from './world-data.ts'

const HOURS_6 = { from: WORLD_NOW - 6 * 3_600_000, to: WORLD_NOW }

describe('the pages Sessions and Session, on a simulated world', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage(landWorld)
  })
  after(() => stage.close())
  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${stage.api.url}/v1/qoe/${path}`)).json() as Promise<T>
  const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText()
  const rows = (page: Page, id: string): Promise<string[][]> => rowsOf(page, `#${id} tbody tr`)
  const listed = (page: Page): Promise<void> => until(page, `document.querySelectorAll('#list tbody tr').length > 0`)
  /** The session that a list has first. */
  const first = async (order: string): Promise<string> =>
    (await get<SessionsAnswer>(`sessions?from=${HOURS_6.from}&to=${HOURS_6.to}&order=${order}&limit=1`)).sessions[0]!
      .session_id
  const measured = (page: Page): Promise<void> =>
    until(
      page,
      `document.querySelectorAll('#metrics tbody tr').length > 0 && [...document.querySelectorAll('#metrics tbody tr:last-child td')].at(0).textContent !== 'no data'`,
    )

  it('lists what a link to a number means, and sums to the number, over all pages', async () => {
    const filters = { country: ['US', 'IN'], app_version: '9.4.0' }
    const page = await stage.open(
      sessionsLink({ clock: 'world', metric: 'rebuffer_ratio:cta2066', ...HOURS_6, filters }),
    )
    await listed(page)
    const query = `from=${HOURS_6.from}&to=${HOURS_6.to}&filter=country:US&filter=country:IN&filter=app_version:9.4.0&metric=rebuffer_ratio:cta2066`
    const number = (await get<MetricsAnswer>(`metrics?${query}`)).answers[0]!.rows[0]!
    const [value] = number.values
    assert.ok(value!.numerator > 0 && number.sessions > 50, 'more than a page')
    const counts = [exactly(value!.numerator), exactly(value!.denominator), exactly(number.sessions)]
    const [own, sum, shown] = await rows(page, 'sums')
    assert.deepEqual([own![1], ...own!.slice(3)], [percent(value!.value), ...counts])
    assert.deepEqual([sum![1], ...sum!.slice(3)], ['equal', ...counts])
    assert.equal(shown![5], '50')
    await page.locator('#more').focus()
    while (await page.locator('#more').isVisible()) {
      const before = await page.locator('#list tbody tr').count()
      await page.keyboard.press('Enter')
      await until(page, `document.querySelectorAll('#list tbody tr').length > ${before}`)
    }
    const all = await rows(page, 'list')
    const digits = (column: number): number =>
      all.reduce((total, cells) => total + Number(cells[column]!.replaceAll(',', '')), 0)
    assert.deepEqual(
      [exactly(digits(2)), exactly(digits(3)), exactly(all.length)],
      counts,
      'the rows that a reader sees sum to the number',
    )
    assert.match(
      await text(page, 'headline'),
      new RegExp(
        `^Rebuffer ratio ${percent(value!.value)}: ${number.sessions} sessions of country US or IN, app version 9\\.4\\.0 begun from 14:00 to 20:00$`,
      ),
    )
    await page.close()
  })

  it('is searched by keys alone: by profile, by error; a filter goes as it came', async () => {
    const page = await stage.open('/sessions?range=6h')
    await listed(page)
    const whole = await text(page, 'headline')
    await page.keyboard.press('/')
    assert.equal(await page.evaluate('document.activeElement.id'), 'value')
    const { profile_id: profile } = (
      await get<{ tracks: { records: { profile_id: string }[] } }>(`sessions/${await first('stalled')}`)
    ).tracks.records[0]!
    await page.keyboard.type(profile)
    await page.keyboard.press('Enter')
    await until(page, `document.getElementById('headline').textContent.includes('of profile ${profile} ')`)
    assert.deepEqual(new URL(page.url()).searchParams.getAll('filter'), [`profile_id:${profile}`])
    assert.equal((await rows(page, 'sums'))[1]![1], 'equal')
    await page.locator('.chips button').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.getElementById('headline').textContent === ${JSON.stringify(whole)}`)
    assert.equal(await page.evaluate('document.activeElement.id'), 'value', 'the focus does not get lost')
    const [code, , count] = (await rows(page, 'errors'))[0]!
    await page.locator('#errors tbody a').first().click()
    await until(page, `document.getElementById('headline')?.textContent.startsWith('${count} session')`)
    assert.deepEqual(new URL(page.url()).searchParams.getAll('filter'), [`error_code:${code}`])
    assert.ok((await rows(page, 'list')).every((cells) => cells[9]!.includes(code!)))
    await page.close()
  })

  it('says "no data" of an empty list, and what is wrong with a bad address', async () => {
    const page = await stage.open('/sessions?filter=country:XX')
    assert.match(await text(page, 'headline'), /^No session of country XX from /)
    assert.equal(await text(page, 'list'), 'no data')
    assert.deepEqual(await faults(page), [])
    for (const [query, words] of [
      ['filter=planet:Mars', /planet.*must be NAME:VALUE/],
      ['metric=happiness:ours', /no metric happiness:ours/],
      ['from=soon', /from/],
      ['from=9&to=5', /later/],
      ['clock=replay:none', /Nobody was heard/],
    ] as const) {
      await page.goto(`${stage.api.url}/sessions?${query}`)
      await until(page, `document.body.dataset.state === 'error' || document.body.dataset.state === 'paused'`)
      assert.match(await page.locator('#main').innerText(), words, query)
    }
    await page.close()
  })

  it('shows a session whole: the picture and its table tell what the API tells', async () => {
    const id = await first('stalled')
    const page = await stage.open(sessionLink('world', id))
    await measured(page)
    const { sessions, tracks } = await get<{
      sessions: { numbers: Record<string, number> }[]
      tracks: Record<string, unknown[]>
    }>(`sessions/${id}`)
    const { numbers: n } = sessions[0]!
    assert.match(
      await text(page, 'headline'),
      new RegExp(
        `^Started in ${seconds(n['startup_ms']!)}, ${n['stall_count']} stalls of ${seconds(n['stall_ms']!)} in all`,
      ),
    )
    assert.equal(await page.locator('svg .band.stall').count(), n['stall_count'])
    await page.locator('#twin summary').click()
    await page.locator('#twin button').click()
    const events = Object.values(tracks).reduce((sum, { length }) => sum + length, 0)
    await until(page, `document.querySelectorAll('#events tbody tr').length === ${events}`)
    const metrics = new Map((await rows(page, 'metrics')).map((cells) => [cells[5]!, cells]))
    assert.deepEqual(metrics.get('rebuffer_ratio:cta2066')!.slice(1, 5), [
      percent(n['stall_ms']! / n['watched_ms']!),
      'exact',
      exactly(n['stall_ms']!),
      exactly(n['watched_ms']!),
    ])
    await page.locator('#metrics a').nth(4).click()
    await listed(page)
    assert.deepEqual(
      (await rows(page, 'list')).map(([name]) => name),
      [shortId(id)],
      'a metric leads to its number',
    )
    await page.close()
  })

  it('is walked through by keys: trouble by trouble, event by event, and read aloud', async () => {
    const page = await stage.open(sessionLink('world', await first('stalled')))
    await page.locator('#timeline > svg').focus()
    await page.keyboard.press('Home')
    assert.match(await text(page, 'cursor-voice'), /^0 s: /)
    await page.keyboard.press('Shift+ArrowRight')
    assert.match(await text(page, 'cursor-voice'), /playing → stalled\. stalled [\d.]+ s by connection/)
    const bands = await page.locator('svg .band.stall').count()
    for (let i = 0; i < 6; i++) await page.keyboard.press('+')
    assert.ok((await page.locator('svg .band.stall').count()) < bands, 'zoomed in around the cursor')
    assert.equal(await page.locator('svg .cursor').count(), 1)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('0')
    assert.equal(await page.locator('svg .band.stall').count(), bands)
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('svg .cursor').count(), 0)
    await page.close()
  })

  it('says that it does not know a session, and asks which one', async () => {
    const page = await stage.open('/session?id=nobody', { bare: true })
    await until(page, `document.body.dataset.state === 'error'`)
    assert.equal(await text(page, 'headline'), 'This session is not known')
    assert.match(await text(page, 'banner'), /API_SESSION_UNKNOWN.*Look for it/)
    assert.deepEqual(await faults(page), [])
    await page.goto(`${stage.api.url}/session`)
    await until(page, `document.getElementById('headline').textContent === 'Which session?'`)
    const id = await first('errors')
    await page.locator('#id').fill(id)
    await page.keyboard.press('Enter')
    await until(page, `document.querySelectorAll('svg .band').length > 0`)
    assert.equal(new URL(page.url()).searchParams.get('id'), id)
    await page.close()
  })

  for (const look of LOOKS) {
    it(`has no fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/sessions?metric=rebuffer_ratio:cta2066&range=6h&filter=country:US', look)
      await listed(page)
      await stage.shot(page, `sessions-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.goto(`${stage.api.url}${sessionLink('world', await first('stalled'))}`)
      await measured(page)
      await page.locator('#timeline > svg').focus()
      await page.keyboard.press('n')
      await stage.shot(page, `session-${look.name}`)
      await page.locator('#twin summary').click()
      assert.deepEqual(await faults(page), [])
      await page.close()
    })
  }

  it('fits 320 px, and loads little', async (test) => {
    for (const path of ['/sessions?range=6h', sessionLink('world', await first('stalled'))]) {
      const page = await stage.open(path, { width: 320 })
      const [scroll, client] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )
      assert.ok(scroll <= client, `${path}: ${scroll} px wide in ${client}`)
      const small = await page.evaluate<string[]>(
        `[...document.querySelectorAll('a, button, select, input, summary')].filter((each) => each.offsetHeight > 0 && each.offsetHeight < 24 && !each.classList.contains('skip')).map(({ outerHTML }) => outerHTML.slice(0, 80))`,
      )
      assert.deepEqual(small, [])
      test.diagnostic(`${path}: ${await weigh(page)}`)
      await page.close()
    }
  })
})
