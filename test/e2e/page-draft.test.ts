import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { allMigrations } from '../../bin/composition.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { idOf, land } from '../../streams/touched/fixture.ts'
import { faults, LOOKS, openStage, rowsOf, until, weigh, type Stage } from './page-harness.ts'

const PLAYS = {
  id: 'plays',
  version: 1,
  name: 'Plays in the first hour',
  description: 'Plays of a profile in the hour after its first exposure.',
  kind: 'count',
  value: { from: 'action', column: 'acts', actions: ['play'] },
  window: { fromMs: 0, toMs: 3_600_000 },
  better: 'up',
  unit: 'events',
}
const TAKEN = {
  id: 'taken',
  name: 'Taken',
  clock: 'live',
  unit: 'profile',
  variations: [{ key: 'a' }, { key: 'b' }],
  metrics: { primary: ['plays'] },
  plannedUnits: 1_000,
}
const WATCHED = 'metrics-watch_time-unit-cap999-playloop-1'
const [T, DAY] = [Date.UTC(2026, 0, 20), 86_400_000]

/** Two thousand profiles, 200 new ones a day in the ten days before T; a quarter of them in DE, half of them with tv. */
async function fillHistory(store: Store): Promise<void> {
  const sessions = `SELECT number % 2000 AS profile, intDiv(number, 2000) AS day, ${T - 10 * DAY} + day * ${DAY} + 1 AS at
    FROM numbers(20000) WHERE day >= intDiv(profile, 200)`
  const id = "concat('s', toString(profile), '-', toString(day))"
  await store.exec(`INSERT INTO unit_session_v1 (clock, profile_id, session_id, instance, at_ms, media_ms)
    SELECT 'live', concat('p', toString(profile)), ${id}, 1, at, 60000 * (1 + profile % 7) FROM (${sessions})`)
  await store.exec(`INSERT INTO qoe_session_v1 (clock, session_id, instance, session_start, country, device)
    SELECT 'live', ${id}, 1, at, if(profile % 4 = 0, 'DE', 'FR'), if(profile % 2 = 0, 'tv', 'phone') FROM (${sessions})`)
  await land(store, [{ id: idOf(1), clock: 'live', at: T, profile: 'p0', action: 'play', title: 't' }], { offset: 0 })
}
const NARROWEST = { width: 320, dark: false, name: '320-light' }

describe('the page of a draft', () => {
  let stage: Stage
  const send = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${stage.api.url}/v1/experiments${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada', ...body }),
    })
    assert.ok(response.ok, `${path} ${await response.text()}`)
  }
  before(async () => {
    stage = await openStage(async (store) => {
      await migrate(store, allMigrations)
      await fillHistory(store)
    })
    await send('/metrics', { metric: PLAYS })
    await send('', TAKEN)
  })
  after(() => stage.close())

  const READY = `document.querySelector('#headline')?.textContent.startsWith('“')`
  const headlineIs = (page: Page, text: string): Promise<void> =>
    until(page, `document.querySelector('#headline')?.textContent === ${JSON.stringify(text)}`)
  /** By keys alone: what has the focus is what a reader reached. */
  const type = async (page: Page, id: string, text: string): Promise<void> => {
    await page.locator(`#${id}`).focus()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type(text)
  }
  const use = async (page: Page, search: string, id: string, role: string): Promise<void> => {
    await type(page, 'metric-filter', search)
    await page.locator(`#${id}`).focus()
    await page.keyboard.type(role)
  }
  const fill = async (page: Page, id: string): Promise<void> => {
    await type(page, 'name', `The draft ${id}`)
    await type(page, 'id', id)
    await type(page, 'plannedUnits', '2000')
    await type(page, 'by', 'ada')
    await use(page, 'first hour', 'metrics-plays-1', 'primary')
    await until(page, READY)
  }
  const focused = (page: Page): Promise<string> => page.evaluate<string>('document.activeElement.id')
  const fault = (page: Page, id: string): Promise<string> => page.locator(`#${id}-fault`).innerText()

  for (const look of [...LOOKS, NARROWEST])
    it(`explains itself and its faults, without one that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/draft', look)
      await headlineIs(page, 'To do: name, id, planned units, who you are, metrics')
      assert.deepEqual(await faults(page), [])
      await page.locator('#save').focus()
      await page.keyboard.press('Enter')
      await until(page, `document.activeElement.id === 'name'`)
      assert.equal(await fault(page, 'name'), 'Is missing.')
      assert.match(await page.locator('#summary').innerText(), /planned units: Must be a whole number/)
      assert.match(await fault(page, 'metrics'), /Must be 1 to 3/)
      await use(page, 'watch', WATCHED, 'primary')
      await until(page, `document.querySelector('.course svg .line') !== null`, 20_000)
      await stage.shot(page, `draft-${look.name}`)
      assert.deepEqual(await faults(page), [])
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      assert.ok(width <= look.width, `${width} px wide`)
      await page.close()
    })

  it('is worked by keys alone: from the list to a draft, to an experiment that runs', async (test) => {
    const page = await stage.open('/experiments')
    await page.locator('#new').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/draft')
    await until(page, `document.body.dataset.state === 'paused'`)
    test.diagnostic(await weigh(page))
    await fill(page, 'by-keys')
    await use(page, 'rebuffer', 'metrics-rebuffer_ratio-unit-cap99-cta2066-1', 'guardrail')
    await type(page, 'bucketing-condition', '{"country": "DE"}')
    await page.locator('#add-variation').focus()
    await page.keyboard.press('Enter')
    await type(page, 'variations-2-key', 'third')
    await headlineIs(page, '“The draft by-keys” can be created: 3 variations, one metric decides')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/experiment?id=by-keys')
    await until(page, `document.querySelector('#do-start') !== null`)
    await page.locator('#do-start').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('dialog[open] #confirm') !== null`)
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#note').textContent.startsWith('running')`)
    const made = (await (await fetch(`${stage.api.url}/v1/experiments/by-keys`)).json()) as typeof TAKEN & {
      bucketing: { condition: object }
    }
    assert.deepEqual(
      [made.variations.map(({ key }) => key), made.bucketing.condition],
      [['control', 'treatment', 'third'], { country: 'DE' }],
    )
    await page.close()
  })

  it('shows what the API refuses at its field, and what no field has above', async () => {
    const page = await stage.open('/draft')
    await fill(page, 'taken')
    await page.locator('#save').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.activeElement.id === 'id'`)
    assert.match(await fault(page, 'id'), /There is an experiment or a flag taken already/)
    await type(page, 'bucketing-condition', '{"country": {"$isin": 3}}')
    await until(page, `document.querySelector('#bucketing-condition-fault').textContent.includes('no operator')`)
    await type(page, 'variations-1-weight', '70')
    await until(page, `document.querySelector('#variations-fault').textContent.includes('add up to 1')`)
    await page.keyboard.press('Enter')
    await until(page, `document.activeElement.id === 'variations-0-key'`)
    await page.close()
  })

  it('says who would take part and what would be found, as the API does, and to keys', async () => {
    const page = await stage.open('/draft')
    await fill(page, 'outlook')
    await use(page, 'watch', WATCHED, 'primary')
    await type(page, 'bucketing-condition', '{"country": "DE"}')
    await until(page, `document.querySelector('#audience')?.textContent.includes('500 (25.0 %)')`, 20_000)
    assert.deepEqual(await rowsOf(page, '#by-country tbody tr'), [
      ['FR', '1,500', '0', '0.00 %'],
      ['DE', '500', '500', '100.0 %'],
    ])
    await until(page, `document.querySelectorAll('.course').length === 2`)
    const answer = await fetch(`${stage.api.url}/v1/experiments/plan/preview`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ id: 'outlook', clock: 'live', unit: 'profile', plannedUnits: 2_000 },
        variations: [{ key: 'control' }, { key: 'treatment' }],
        bucketing: { coverage: 1, condition: { country: 'DE' } },
        metrics: { primary: ['plays@1', 'watch_time.unit.cap999:playloop@1'] },
      }),
    })
    const { metrics } = (await answer.json()) as { metrics: { days: { effect: number | null }[] }[] }
    await page.locator('.course details summary').last().focus()
    await page.keyboard.press('Enter')
    const told = (await rowsOf(page, '.course table tbody tr')).map(([, , effect]) => effect)
    assert.deepEqual(
      told.map((effect) => effect === 'not yet'),
      metrics[1]!.days.map(({ effect }) => effect === null),
    )
    assert.ok(told.filter((effect) => effect !== 'not yet').length > 10)
    await page.locator('.course svg').last().focus()
    await page.keyboard.press('End')
    await until(page, `document.querySelector('#cursor-voice').textContent.startsWith('Day 42: ')`)
    await page.close()
  })

  it('keeps what was typed over a reload, discards it, and takes that back', async () => {
    const page = await stage.open('/draft')
    await fill(page, 'kept')
    await page.reload()
    await headlineIs(page, '“The draft kept” can be created: 2 variations, one metric decides')
    assert.equal(await page.locator('#metrics-plays-1').inputValue(), 'primary')
    await page.locator('#discard').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#id').value === ''`)
    await page.locator('#undo').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#id').value === 'kept'`)
    await page.close()
  })

  it('changes a draft that stands, under its own key, and nothing that has started', async () => {
    const page = await stage.open('/experiment?id=taken')
    await until(page, `document.querySelector('#edit') !== null`)
    await page.locator('#edit').focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/draft?id=taken')
    await headlineIs(page, 'To do: who you are')
    assert.equal(await page.locator('#id').getAttribute('readonly'), '')
    await type(page, 'by', 'ada')
    await type(page, 'name', 'Another name')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/experiment?id=taken')
    await until(page, `document.querySelector('#trail-title ~ div tbody th')?.textContent === 'change'`)
    assert.deepEqual(
      (await rowsOf(page, '#trail-title ~ div tbody tr')).map(([action]) => action),
      ['change', 'create'],
    )
    await send('/taken/start', {})
    await page.goto(`${stage.api.url}/draft?id=taken`)
    await until(page, READY)
    await page.locator('#save').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#summary').textContent.includes('only a draft is written anew')`)
    assert.equal(await focused(page), 'save')
    await page.close()
  })

  it('offers what the key may do, and says why not the rest', async () => {
    const [secret, write] = ['0123456789abcdef', 'read+write:experiments']
    await stage.stop()
    await stage.serve(0, { PLAYLOOP_API_KEYS: `bob:${secret}bob:${write},eve:${secret}eve:read` })
    const signedIn = async (who: string, path: string): Promise<Page> => {
      const page = await stage.open(path, { bare: true })
      await until(page, `document.querySelector('.sign-in') !== null`)
      await page.locator('#sign-in-key').fill(`${secret}${who}`)
      await page.keyboard.press('Enter')
      return page
    }
    const buttons = (page: Page): Promise<string[]> =>
      page.evaluate(`[...document.querySelectorAll('[id^=do-]')].map(({ id }) => id)`)
    const bob = await signedIn('bob', '/experiment?id=taken')
    await until(bob, `document.querySelector('#role')?.textContent.startsWith('It belongs to ada')`)
    assert.deepEqual(await buttons(bob), ['do-kill'])
    assert.deepEqual(await faults(bob), [])
    await bob.close()
    const eve = await signedIn('eve', '/experiments')
    await until(eve, `document.querySelector('.head .note')?.textContent.includes('write:experiments') === true`)
    assert.equal(await eve.locator('#new').count(), 0)
    await eve.goto(`${stage.api.url}/draft`)
    await until(eve, `document.querySelector('#save')?.disabled === true`)
    await eve.goto(`${stage.api.url}/experiment?id=taken`)
    await until(eve, `document.querySelector('#role')?.textContent.includes('you may look') === true`)
    assert.deepEqual(await buttons(eve), [])
    await eve.close()
  })
})
