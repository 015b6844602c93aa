import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { faults, LOOKS, MINUTE_MS, openStage, T0, until, type Stage } from './page-harness.ts'

const SECRET = '0123456789abcdef'
const WANTED = `document.querySelector('.sign-in') !== null`

describe('pages of an API that wants keys', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage()
    await stage.pass(T0 + 11 * MINUTE_MS)
    await stage.stop()
    await stage.serve(0, { PLAYLOOP_API_KEYS: `ann:${SECRET}:read` })
  })
  after(() => stage.close())

  for (const look of LOOKS)
    it(`ask for one, without a fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/', { ...look, bare: true })
      await until(page, WANTED)
      assert.match(await page.locator('#banner').innerText(), /HTTP_KEY_WANTED/)
      await stage.shot(page, `sign-in-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
    })

  it('say what is wrong with a wrong one, show figures and streams with the right one, and let go of it', async () => {
    const page = await stage.open('/', { bare: true })
    await until(page, WANTED)
    await page.locator('#sign-in-key').fill('not the key of anybody')
    await page.keyboard.press('Enter')
    await until(page, `document.querySelector('#sign-in-refusal').textContent.includes('not accepted')`)
    await page.locator('#sign-in-key').fill(SECRET)
    await page.keyboard.press('Enter')
    await until(page, `document.body.dataset.state === 'live'`)
    for (const path of ['/history', '/sessions', '/incidents']) {
      await page.goto(`${stage.api.url}${path}?clock=world`)
      await until(page, `['live', 'paused'].includes(document.body.dataset.state)`)
    }
    assert.equal(await page.evaluate('document.cookie'), '', 'no script reads the session')
    assert.doesNotMatch(await page.evaluate<string>('JSON.stringify(localStorage)'), new RegExp(SECRET))
    assert.match((await page.locator('#sign-out').getAttribute('title'))!, /ann/)
    await page.locator('#sign-out').click()
    await until(page, WANTED)
    await page.close()
  })
})
