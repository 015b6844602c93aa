import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { allMigrations } from '../../bin/composition.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { domains, settleOutcomes } from '../../streams/experiments/index.ts'
import { landExposures } from '../../streams/experiments/fixture.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import { settle } from '../../streams/touched/index.ts'
import { faults, LOOKS, openStage, rowsOf, until, weigh, type Stage } from './page-harness.ts'

const T = Date.UTC(2026, 0, 20)
const [HOUR, UNITS] = [3_600_000, 3_000]
const PLAYS = {
  id: 'plays',
  version: 1,
  name: 'Plays in the first hour',
  description: 'Plays of a profile in the hour after its first exposure.',
  kind: 'count',
  value: { from: 'action', column: 'acts', actions: ['play'] },
  window: { fromMs: 0, toMs: HOUR },
  better: 'up',
  unit: 'events',
}

/** Each profile plays once or twice; with the treatment up to three times. */
async function fill(store: Store): Promise<void> {
  const units = Array.from({ length: UNITS }, (_, i) => ({ unit: `u${i}`, variation: i % 2, at: T + i }))
  await landExposures(
    store,
    units.map((each, i) => ({
      ...each,
      id: idOf(i),
      clock: 'live',
      experiment: 'bigger',
      country: i % 3 === 0 ? 'DE' : 'FR',
    })),
    0,
  )
  const plays = units.flatMap(({ unit, variation, at }, i) =>
    Array.from({ length: 1 + (i % 2) + ((i >> 1) % 2) - (variation === 1 ? 0 : i % 2) }, (_, k) => ({
      id: idOf(i * 8 + k, 1),
      clock: 'live',
      at: at + 1_000 * (k + 1),
      profile: unit,
      action: 'play',
      title: 't',
    })),
  )
  await land(store, plays, { offset: 0 })
  // The clock passes the end of the windows when enough players have.
  const later = units.map(({ unit }, i) => ({
    id: idOf(i, 2),
    clock: 'live',
    at: T + 3 * HOUR + i,
    profile: unit,
    action: 'click',
  }))
  await land(store, later, { offset: plays.length })
  for (const domain of domains) await settle(store, domain)
  await settleOutcomes(store)
}

describe('pages of experiments', () => {
  let stage: Stage
  let store: Store
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${stage.api.url}/v1/experiments${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada', ...body }),
    })
    assert.ok(response.ok, `${path} ${await response.text()}`)
  }
  before(async () => {
    stage = await openStage(async (opened) => {
      store = opened
      await migrate(opened, allMigrations)
    })
    await post('/metrics', { metric: PLAYS })
    await post('', {
      id: 'bigger',
      name: 'Bigger buttons',
      hypothesis: 'Who sees the button plays more',
      owner: 'ada',
      tags: ['home'],
      clock: 'live',
      unit: 'profile',
      variations: [{ key: 'control' }, { key: 'bigger', name: 'Bigger' }],
      metrics: { primary: ['plays'], secondary: ['startup.unit.quantiles:cta2066'] },
      slices: ['country'],
      plannedUnits: UNITS,
    })
    await post('', {
      id: 'draft',
      name: 'Not yet',
      clock: 'live',
      unit: 'profile',
      variations: [{ key: 'a' }, { key: 'b' }],
      metrics: { primary: ['plays'] },
      plannedUnits: 1_000,
    })
    await post('/bigger/start', {})
    await fill(store)
  })
  after(() => stage.close())

  const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText()
  const DECIDED = `document.querySelector('#headline')?.textContent.includes('Ship “Bigger”')`

  for (const look of LOOKS) {
    it(`the list says what waits for a decision, without a fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/experiments', look)
      await until(page, DECIDED, 20_000)
      assert.match(await text(page, 'headline'), /^One experiment waits for you, Bigger buttons: Ship “Bigger”/)
      const rows = await rowsOf(page, '#list tbody tr')
      assert.deepEqual(
        rows.map(([name, state, verdict]) => [name, state, verdict]),
        [
          ['Bigger buttons', 'running', 'ship'],
          ['Not yet', 'draft', 'not started'],
        ],
      )
      await stage.shot(page, `experiments-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
    })

    it(`the page of one says why, without a fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/experiment?id=bigger&slice=country', look)
      await until(page, `${DECIDED} && document.querySelectorAll('#scores-exploratory-title').length === 1`, 20_000)
      const [row] = await rowsOf(page, '.scores tbody tr')
      assert.equal(row![0], 'Plays in the first hour')
      assert.match(row![2]!, /^\+\d+\.\d+ % ± \d/)
      assert.deepEqual(row!.slice(-2), ['none', 'better'])
      await until(
        page,
        `document.querySelector('#over-time svg')?.getAttribute('aria-label').includes('Bigger') === true`,
      )
      await stage.shot(page, `experiment-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
    })
  }

  it('loads little, and its table is the API’s', async (test) => {
    const page = await stage.open('/experiment?id=bigger')
    await until(page, `document.querySelectorAll('.scores tbody tr').length > 0`)
    test.diagnostic(await weigh(page))
    const card = (await (await fetch(`${stage.api.url}/v1/experiments/bigger/scorecard`)).json()) as {
      cells: { units: { control: number; treatment: number } }[]
    }
    const units = card.cells[0]!.units
    const [row] = await rowsOf(page, '.scores tbody tr')
    assert.equal(row![5], `${units.control.toLocaleString('en')} and ${units.treatment.toLocaleString('en')}`)
    await page.close()
  })

  it('is worked by keys alone: to the list, into the experiment, killed after a question, and undone', async () => {
    const page = await stage.open('/')
    await page.keyboard.press('g')
    await page.keyboard.press('e')
    await page.waitForURL('**/experiments')
    await until(page, DECIDED, 20_000)
    await page.locator('#list a').first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/experiment?*')
    await until(page, `document.querySelector('#do-kill') !== null`)
    await page.locator('#do-kill').focus()
    await page.keyboard.press('Enter')
    assert.match(await page.locator('#operate-title ~ p.note').innerText(), /Say who you are/)
    await page.keyboard.type('ada')
    await page.locator('#do-kill').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('dialog[open] #confirm') !== null`)
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#note').textContent.startsWith('killed')`)
    await until(page, `document.querySelector('#do-unkill') !== null`)
    await page.locator('#do-unkill').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#note').textContent.startsWith('running')`)
    await until(page, `document.querySelector('#trail-title ~ div tbody th')?.textContent === 'unkill'`)
    assert.deepEqual(
      (await rowsOf(page, '#trail-title ~ div tbody tr')).map(([action]) => action),
      ['unkill', 'kill', 'start', 'create'],
    )
    await page.close()
  })

  it('keeps a frozen moment at its own address, and exports it', async () => {
    const page = await stage.open('/experiment?id=bigger')
    await until(page, DECIDED, 20_000)
    await page.getByText('This moment, frozen').click()
    await until(page, `location.search.includes('as_of=') && document.body.dataset.state === 'paused'`)
    const href = await page.getByText('CSV', { exact: true }).getAttribute('href')
    const csv = await (await fetch(`${stage.api.url}${href}`)).text()
    assert.match(csv, /"bigger"/)
    assert.match(href!, /as_of=\d+/)
    await page.close()
  })

  it('says what is not there', async () => {
    const page = await stage.open('/experiment?id=none', { bare: true })
    await until(page, `document.querySelector('#banner').textContent.includes('API_EXPERIMENT_UNKNOWN')`)
    await page.close()
  })
})
