import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { beat, collector, type Harness } from '../../producers/collector/harness.ts'
import { openBrowser } from './browser.ts'

/** What browsers really send: beacons, keepalive and preflights, from a page of another origin. */

/** More than any page here sends, but the one that shall be refused. */
const EVENTS_PER_SECOND = 100

let browser: Browser
let site: Server
let origin: string
before(
  async () => {
    browser = await openBrowser()
    site = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>player</title>'),
    ).listen(0, '127.0.0.1')
    await new Promise((listening) => site.once('listening', listening))
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  },
  { timeout: 60_000 },
)
after(async () => {
  await browser.close()
  site.close()
})

/** A page of `origin` and a collector that it may send to, or not. */
async function open(corsOrigins: string[]): Promise<{ page: Page; own: Harness; url: string }> {
  const own = await collector({
    corsOrigins,
    ingestKeys: ['page-key@playback.telemetry'],
    eventsPerSecond: EVENTS_PER_SECOND,
  })
  const url = `${await own.app.listen({ host: '127.0.0.1', port: 0 })}/v1/events/playback.telemetry`
  const page = await browser.newPage()
  await page.goto(origin)
  return { page, own, url }
}

/** Calls a function of the page: text, since the types of this project are Node's. */
const inPage = (page: Page, script: string, ...args: string[]): Promise<unknown> =>
  page.evaluate(`(${script})(...${JSON.stringify(args)})`)

async function arrives({ stored }: Harness, count: number): Promise<void> {
  for (let i = 0; i < 200 && stored().length < count; i++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.equal(stored().length, count)
}

describe('a page of another origin', { timeout: 60_000 }, () => {
  for (const [name, origins] of [
    ['any origin', () => ['*']],
    ['its origin named', () => [origin]],
  ] as const) {
    it(`${name}: beacons of text and of bytes arrive without a preflight, key and time in the address`, async () => {
      const { page, own, url } = await open(origins())
      const accepted = await inPage(
        page,
        '(to, one, two) => [navigator.sendBeacon(to, one), navigator.sendBeacon(to, new Blob([two]))]',
        `${url}?key=page-key&sent_at=${own.clock.now() + 700}`,
        JSON.stringify(beat()),
        JSON.stringify([beat()]),
      )
      assert.deepEqual(accepted, [true, true])
      await arrives(own, 2)
      assert.ok(own.stored().every((record) => record['skew_ms'] === 700))
      await page.close()
    })

    it(`${name}: fetch with headers passes its preflight, and the page reads the answer`, async () => {
      const { page, own, url } = await open(origins())
      const answer = await inPage(
        page,
        `async (to, body) => {
        const response = await fetch(to, { method: 'POST', body, keepalive: true, headers: { 'content-type': 'application/json', authorization: 'Bearer page-key', 'x-sent-at': '5' } })
        return [response.status, await response.json()]
      }`,
        url,
        JSON.stringify([beat()]),
      )
      assert.deepEqual(answer, [202, { accepted: 1, duplicates: 0, rejected: [] }])
      await arrives(own, 1)
      await page.close()
    })
  }

  it('asks by Prefer and marks its requests for tracing, and reads the answer, and when to send again', async () => {
    const { page, own, url } = await open([origin])
    const line = `e=t,sid="s",sn=1,sta=p,ts=${own.clock.now()},v=2`
    const answers = await inPage(
      page,
      `async (to, ...bodies) => {
      const answers = []
      for (const body of bodies) {
        const response = await fetch(to, { method: 'POST', body, headers: { 'content-type': 'application/cmcd', prefer: 'return=representation', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b', baggage: 'c=d', 'x-request-id': 'e', 'sentry-trace': 'f', 'x-ingest-key': 'page-key' } })
        answers.push([response.status, response.headers.get('preference-applied'), response.headers.get('retry-after')])
      }
      return answers
    }`,
      url.replace('events/playback.telemetry', 'cmcd'),
      line,
      `${line}\n`.repeat(4 * EVENTS_PER_SECOND),
      line,
    )
    const answered = [200, 'return=representation', null]
    assert.deepEqual(answers, [answered, answered, [429, null, '4']])
    await page.close()
  })

  it('sends its last beacon while it is being closed', async () => {
    const { page, own, url } = await open(['*'])
    await inPage(
      page,
      `(to, body) => addEventListener('pagehide', () => navigator.sendBeacon(to, body))`,
      `${url}?key=page-key`,
      JSON.stringify(beat()),
    )
    await page.goto('about:blank')
    await arrives(own, 1)
    await page.close()
  })

  it('a beacon of JSON needs a preflight with credentials: it passes for a named origin', async () => {
    const { page, own, url } = await open([origin])
    await inPage(
      page,
      `(to, body) => navigator.sendBeacon(to, new Blob([body], { type: 'application/json' }))`,
      `${url}?key=page-key`,
      JSON.stringify([beat()]),
    )
    await arrives(own, 1)
    await page.close()
  })

  it('that is not named is refused, and nothing of it is stored', async () => {
    const { page, own, url } = await open(['https://play.example'])
    const outcome = await inPage(
      page,
      `(to, body) => {
      navigator.sendBeacon(to, body)
      return fetch(to, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).then(() => 'answered', () => 'blocked')
    }`,
      `${url}?key=page-key`,
      JSON.stringify(beat()),
    )
    assert.equal(outcome, 'blocked')
    const refused = /playloop_collector_refused_total\{code="COLLECTOR_ORIGIN"\} 1/
    for (let i = 0; i < 100 && !refused.test((await own.app.inject('/metrics')).body); i++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    assert.match((await own.app.inject('/metrics')).body, refused, 'the beacon came and was refused')
    assert.deepEqual(own.stored(), [])
    await page.close()
  })
})
