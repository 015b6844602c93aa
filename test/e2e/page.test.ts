import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { amount, bitrate, percent, seconds } from '../../web/shell/format.ts'
import { COUNTRIES, MINUTE_MS, openStage, PLACES, rowsOf, T0, until, type Stage } from './page-harness.ts'

const FIGURES = ['plays', 'rebuffering', 'startup', 'starts', 'failures', 'bitrate']

describe('the page Now', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
  })
  after(() => stage.close())

  it('moves by itself', async () => {
    await stage.pass(T0 + 10 * MINUTE_MS + 5_000)
    const page = await stage.open()
    await until(page, PLACES)
    const line = await page.locator('#plays path.partial').getAttribute('d')
    assert.match(
      await page.locator('#headline').innerText(),
      /^BR on oca-\d stalls \d+\.\d+ % of watched time since 20:0\d; \d+ plays, \d\.\d\d % in all$/,
    )
    await stage.pass(T0 + 10 * MINUTE_MS + 40_000)
    await until(page, `document.querySelector('#plays path.partial').getAttribute('d') !== '${line}'`, 5_000)
    await stage.pass(T0 + 11 * MINUTE_MS + 30_000)
    await until(page, `document.getElementById('note').textContent.includes('20:10')`, 5_000)
    assert.equal(await page.locator('#connection').innerText(), 'live')
    await page.close()
  })

  it('reads the numbers of the API over its charts', async () => {
    const [page, frame] = [await stage.open(), await stage.live()]
    await until(page, PLACES)
    const { total } = frame.minutes.findLast(({ partial }) => !partial)!
    const read = (id: string): Promise<string[]> =>
      page.locator(`#${id} .reading .value > :last-child`).allTextContents()
    assert.deepEqual(await read('plays'), [amount(total['concurrent_plays:active_minute'])])
    assert.deepEqual(await read('rebuffering'), [percent(total['rebuffer_ratio:cta2066'])])
    assert.deepEqual(await read('startup'), [
      seconds(total['startup:cta2066'].p50_ms),
      seconds(total['startup:cta2066'].p95_ms),
    ])
    assert.deepEqual(await read('starts'), [amount(total.attempts), amount(total.plays)])
    assert.deepEqual(await read('failures'), [amount(total.vsf), amount(total.errors.fatal), amount(total.ebvs)])
    assert.deepEqual(await read('bitrate'), [bitrate(total['average_bitrate:cta2066'])])
    assert.match(
      String(await page.locator('#rebuffering h2').getAttribute('title')),
      /^rebuffer_ratio:cta2066: Time stalled divided by watched time/,
    )
    await page.close()
  })

  it('has a table for every chart, of the same numbers as the API', async () => {
    const [page, frame] = [await stage.open('/?minutes=30'), await stage.live('minutes=30')]
    const columns: Record<string, (total: (typeof frame.minutes)[number]['total']) => string[]> = {
      plays: (t) => [amount(t['concurrent_plays:active_minute'])],
      rebuffering: (t) => [percent(t['rebuffer_ratio:cta2066'])],
      startup: (t) => [seconds(t['startup:cta2066'].p50_ms), seconds(t['startup:cta2066'].p95_ms)],
      starts: (t) => [amount(t.attempts), amount(t.plays)],
      failures: (t) => [amount(t.vsf), amount(t.errors.fatal), amount(t.ebvs)],
      bitrate: (t) => [bitrate(t['average_bitrate:cta2066'])],
    }
    assert.deepEqual(
      await page.evaluate(`[...document.querySelectorAll('#charts figure')].map(({ id }) => id)`),
      FIGURES,
    )
    for (const id of FIGURES) {
      const picture = page.locator(`#${id} > svg`)
      assert.equal(await picture.getAttribute('role'), 'img')
      assert.ok(String(await picture.getAttribute('aria-label')).includes('20:10'), id)
      await page.locator(`#${id} summary`).click()
      await until(page, `document.querySelectorAll('#${id} tbody tr').length === 30`)
      assert.deepEqual(
        (await rowsOf(page, `#${id} tbody tr`)).map(([, ...cells]) => cells),
        frame.minutes.map(({ total }) => columns[id]!(total)),
        id,
      )
    }
    await page.close()
  })

  it('lists places, worst first, each leading to itself', async () => {
    const [page, frame] = [await stage.open(), await stage.live()]
    await until(page, PLACES)
    const { groups } = frame.minutes.findLast(({ partial }) => !partial)!
    const rows = await rowsOf(page, '#cells tbody tr')
    assert.equal(rows.length, Math.min(12, groups.length))
    for (const [place, ratio, , plays] of rows) {
      const row = groups.find(({ country, oca }) => `${country} · ${oca}` === place)!
      assert.equal(
        ratio,
        row['concurrent_plays:active_minute'] >= 25
          ? percent(row['rebuffer_ratio:cta2066'])
          : `${percent(row['rebuffer_ratio:cta2066'])}, few plays`,
      )
      assert.equal(plays, amount(row['concurrent_plays:active_minute']))
    }
    assert.ok(rows[0]![0]!.startsWith('BR'))
    const place = rows[0]![0]!
    await page.locator('#cells tbody a').first().click()
    await until(
      page,
      `document.querySelectorAll('#cells tbody tr').length === 1 && document.querySelector('#cells a').textContent === '${place}'`,
    )
    assert.match(await page.locator('#headline').innerText(), new RegExp(place.replace(' · ', ' on ')))
    assert.equal(new URL(page.url()).searchParams.get('country'), 'BR')
    await page.close()
  })

  it('leads from a number to its sessions: attempts of a minute are those that began in it', async () => {
    const [page, frame] = [await stage.open('/?country=FR'), await stage.live('country=FR')]
    await until(page, PLACES)
    const minute = T0 + 5 * MINUTE_MS
    const { total } = frame.minutes.find((each) => each.minute === minute)!
    assert.ok(total.attempts > 0)
    await page.locator('#starts summary').click()
    await page.locator(`#starts tbody a[href*="from=${minute}"]`).first().click()
    await until(page, `document.querySelectorAll('#sums tbody tr').length > 0`)
    const [[, number] = [], [, equal] = []] = await rowsOf(page, '#sums tbody tr')
    assert.deepEqual([number, equal], [String(total.attempts), 'equal'])
    assert.deepEqual(
      [...new URL(page.url()).searchParams],
      [
        ['clock', 'world'],
        ['metric', 'attempts:playloop'],
        ['from', String(minute)],
        ['to', String(minute + MINUTE_MS)],
        ['filter', 'country:FR'],
      ],
    )
    await page.goto(`${stage.api.url}/`)
    await until(page, PLACES)
    await page.locator('#cells tbody tr:first-child td a').first().click()
    await until(page, `document.querySelectorAll('#list tbody tr').length > 0`)
    assert.equal(new URL(page.url()).searchParams.get('time'), 'open')
    assert.match(
      await page.locator('#headline').innerText(),
      /^Rebuffer ratio \d.*: \d+ sessions of country BR, OCA oca-\d open from 20:10 to 20:11$/,
    )
    await page.close()
  })

  it('is read by keys alone', async () => {
    const page = await stage.open()
    const focus = (): Promise<string> => page.evaluate('document.activeElement.id')
    await page.keyboard.press('?')
    assert.equal(await page.evaluate(`document.getElementById('help').open`), true)
    assert.match(await page.locator('#help').innerText(), /to Now/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    assert.equal(await focus(), 'country')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    assert.equal(await focus(), 'clock')
    await page.keyboard.press('Tab')
    assert.match(
      await page.evaluate<string>('document.activeElement.href'),
      /\/sessions\?clock=world&metric=plays/,
      'the number leads to its sessions',
    )
    await page.keyboard.press('Tab')
    assert.match(
      await page.evaluate<string>('document.activeElement.getAttribute("aria-label")'),
      /^Concurrent plays\. 20:10: plays \d+\. Arrow keys/,
    )
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowLeft')
    const { minutes } = await stage.live()
    assert.equal(
      await page.locator('#cursor-voice').innerText(),
      `20:10: plays ${amount(minutes.find(({ minute }) => minute === T0 + 10 * MINUTE_MS)!.total['concurrent_plays:active_minute'])}`,
    )
    assert.equal(await page.locator('#cursor-voice').getAttribute('aria-live'), 'polite')
    assert.equal(await page.locator('svg .cursor').count(), FIGURES.length, 'one cursor on all charts')
    await page.keyboard.press('Home')
    assert.equal(await page.locator('#bitrate time').innerText(), '19:57')
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('svg .cursor').count(), 0)
    await page.keyboard.press('t')
    await page.reload()
    assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark', 'remembered')
    await page.goto(`${stage.api.url}/?minutes=30`)
    await until(page, PLACES)
    await page.keyboard.press('g')
    await page.keyboard.press('n')
    await page.waitForURL(`${stage.api.url}/`)
    await page.close()
  })

  it('keeps what was chosen in the address', async () => {
    const page = await stage.open()
    await page.selectOption('#group', 'country')
    await until(page, `document.querySelectorAll('#cells tbody tr').length === ${COUNTRIES.length}`)
    await until(page, `document.querySelectorAll('#country option').length === ${COUNTRIES.length + 1}`)
    await page.selectOption('#country', 'FR')
    await until(page, `document.querySelectorAll('#cells tbody tr').length === 1`)
    await page.reload()
    await until(
      page,
      `document.querySelectorAll('#cells tbody tr').length === 1 && document.querySelectorAll('#country option').length === ${COUNTRIES.length + 1}`,
    )
    assert.deepEqual(
      [...new URL(page.url()).searchParams],
      [
        ['group', 'country'],
        ['country', 'FR'],
      ],
    )
    const [french, total] = [
      await stage.live('country=FR'),
      await page.locator('#starts .reading .value > :last-child').first().innerText(),
    ]
    assert.equal(total, amount(french.minutes.findLast(({ partial }) => !partial)!.total.attempts))
    await page.close()
  })

  it('names what is not known: hatched before the world began, and in words', async () => {
    const page = await stage.open()
    await until(page, PLACES)
    assert.ok((await page.locator('#rebuffering .gap').count()) > 0)
    assert.match(String(await page.locator('#rebuffering > svg').textContent()), /no data/)
    const frame = await stage.live()
    const [unknown] = await rowsOf(page, '#unknown tbody tr')
    assert.deepEqual(unknown, [
      'Players heard whose time is unknown',
      amount(frame.minutes.findLast(({ partial }) => !partial)!.total.unknown),
    ])
    await page.close()
  })

  it('says how far stored sessions are behind what it shows, or that nobody knows', async () => {
    const line = `document.getElementById('sessions-lag').textContent`
    const says = (text: string): string => `${line} === '${text}'`
    const page = await stage.open()
    await until(page, says('Sessions are 0 s behind live'))
    await stage.pass(T0 + 11 * MINUTE_MS + 50_000, { made: false, later: 3_000 })
    // It grows as long as they have been behind: the page has it as the API tells it, from three seconds on.
    await until(
      page,
      `fetch('/v1/sink').then((answer) => answer.json()).then(({ sessions: { seconds_behind: s } }) => s >= 2.5 && ${line} === 'Sessions are ' + Math.round(s) + ' s behind live')`,
      30_000,
    )
    await stage.pass(T0 + 11 * MINUTE_MS + 50_000)
    await until(page, says('Sessions are 0 s behind live'))
    stage.brokers(false)
    await until(page, says('How far sessions are behind live: no data'))
    stage.brokers(true)
    await page.close()
  })
})
