import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { allMigrations } from '../../bin/composition.ts'
import { migrate } from '../../platform/clickhouse/index.ts'
import { faults, LOOKS, openStage, rowsOf, until, weigh, type Stage } from './page-harness.ts'

describe('the page of flags', () => {
  let stage: Stage
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${stage.api.url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada', ...body }),
    })
    assert.ok(response.ok, `${path} ${await response.text()}`)
  }
  before(async () => {
    stage = await openStage(async (store) => void (await migrate(store, allMigrations)))
    await post('/saved-groups', { id: 'staff', values: ['ada'] })
    await post('/flags', {
      id: 'new-player',
      description: 'The player without a plugin',
      owner: 'ada',
      tags: ['player'],
      type: 'boolean',
      defaultValue: false,
      rules: [
        { id: 'staff', force: true, condition: { id: { $inGroup: 'staff' } } },
        { id: 'germany', force: true, condition: { country: 'DE' }, coverage: 0.2 },
        { id: 'premiere', force: true, schedule: { from: Date.UTC(2100, 0, 1) } },
      ],
    })
    await post('/flags', { id: 'limit', type: 'number', defaultValue: 3 })
  })
  after(() => stage.close())

  const text = (page: Page, id: string): Promise<string> => page.locator(`#${id}`).innerText()
  const HAS_ROWS = `document.querySelectorAll('tbody tr').length > 1`

  for (const look of [...LOOKS, { width: 320, dark: false, name: '320-light' }]) {
    it(`lists them, without a fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/flags', look)
      await until(page, HAS_ROWS)
      assert.equal(await text(page, 'headline'), 'Nothing to do: 2 flags are served')
      assert.deepEqual(
        (await rowsOf(page, '#list tbody tr')).map((row) => row.slice(0, 4)),
        [
          ['limit', 'served', '3', 'none'],
          ['new-player', 'served', 'false', '3'],
        ],
      )
      await stage.shot(page, `flags-${look.name}`)
      assert.deepEqual(await faults(page), [])
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), 'scrolls sideways')
      await page.close()
    })

    it(`says of one who gets what, and why a unit does, ${look.name}`, async () => {
      const attributes = encodeURIComponent('{"id": "u1", "country": "DE"}')
      const page = await stage.open(`/flags?id=new-player&attributes=${attributes}`, look)
      await until(page, `document.querySelector('#tried')?.textContent.startsWith('It gets')`)
      assert.equal(
        await text(page, 'headline'),
        'The first of 3 rules that decides gives the value; who meets none gets false',
      )
      const rows = await rowsOf(page, '#rules-title ~ div tbody tr')
      assert.deepEqual(
        rows.map((row) => row[2]),
        [
          'units where id is in the group staff',
          '20.0 % of units where country is DE, by id',
          'everybody',
          'everybody else',
        ],
      )
      assert.equal(rows[0]!.at(-1), 'passed over: the condition does not hold')
      assert.equal(rows[2]!.at(-1), 'not in force')
      await stage.shot(page, `flag-${look.name}`)
      assert.deepEqual(await faults(page), [])
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), 'scrolls sideways')
      await page.close()
    })
  }

  it('is worked by keys alone: tried, changed after a question, refused at the field, killed and undone', async (test) => {
    const page = await stage.open('/')
    await page.keyboard.press('g')
    await page.keyboard.press('f')
    await page.waitForURL('**/flags')
    await until(page, HAS_ROWS)
    await page.locator('#list a').last().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL('**/flags?id=new-player')
    await until(page, `document.querySelector('#attributes') !== null`)
    test.diagnostic(await weigh(page))
    await page.locator('#attributes').fill('{"id": "ada"}')
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#tried').textContent.endsWith('rule staff decides')`)
    await page.locator('#do-change').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#change-title ~ .note').textContent.startsWith('Say who you are')`)
    await page.keyboard.type('bob')
    const definition = page.locator('#definition')
    const first = await definition.inputValue()
    await definition.fill(first.replace('"coverage":0.2', '"coverage":2'))
    await page.locator('#do-change').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#change-title ~ .note').textContent.startsWith('rules.1.coverage must')`)
    await definition.fill(first.replace('"coverage":0.2', '"coverage":0.5'))
    await page.locator('#do-change').focus()
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('dialog[open] #confirm') !== null`)
    assert.match(
      await page.locator('dialog[open]').innerText(),
      /50\.0 % of units where country is DE, by id, before .*20\.0 %/,
    )
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#trail-title ~ div tbody td').textContent === 'bob'`)
    await page.locator('#do-kill').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#headline').textContent.startsWith('Killed')`)
    await page.locator('#do-unkill').focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#headline').textContent.startsWith('The first of 3')`)
    await until(page, `document.querySelector('#trail-title ~ div tbody th').textContent === 'unkill'`)
    assert.deepEqual(
      (await rowsOf(page, '#trail-title ~ div tbody tr')).map(([action]) => action),
      ['unkill', 'kill', 'change', 'create'],
    )
    await page.close()
  })

  it('says what is not there', async () => {
    const page = await stage.open('/flags?id=none', { bare: true })
    await until(page, `document.querySelector('#banner').textContent.includes('API_DEFINITION_UNKNOWN')`)
    await page.close()
  })
})
