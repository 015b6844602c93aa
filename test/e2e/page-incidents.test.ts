import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { NO_INCIDENTS, observe, type Finding } from '../../models/detect/index.ts'
import { writeIncidents } from '../../models/detect/stored.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import type { Definitions, MetricsAnswer } from '../../web/shell/answers.ts'
import { amount, exactly, percent } from '../../web/shell/format.ts'
import { causeWords, titleWords } from '../../web/incidents/view.ts'
import type { IncidentDetail } from '../../web/incidents/types.ts'
import { faults, LOOKS, openStage, rowsOf, until, weigh, type Stage } from './page-harness.ts'
import { landWorld, WORLD_NOW } from './world-data.ts'

const MINUTE_MS = 60_000

/**
 * What detection says of the world: the operator that degrades, a limit that is broken, and an appliance that is well
 * again.
 */
const finding = (cause: Finding['cause'], agoMinutes: number, more: Partial<Finding> = {}): Finding => ({
  cause,
  kind: 'anomaly',
  metrics: ['rebuffer_ratio:cta2066', 'stall_count:cta2066'],
  since: WORLD_NOW - agoMinutes * MINUTE_MS,
  rate: 0.062,
  usualRate: 0.004,
  shadows: [],
  affected: [{ minute: WORLD_NOW - agoMinutes * MINUTE_MS, once: 12, again: 3 }],
  evidence: [cause, { country: 'DE', ...cause }].map((each, i) => ({
    cause: each,
    score: 40 - 30 * i,
    metric: 'rebuffer_ratio:cta2066',
    events: 90_000,
    expected: 6_000,
    excess: 84_000,
    share: 0.93 - i / 2,
    inside: 15,
    outside: 1.02,
  })),
  ...more,
})
const SLOW = finding({ asn: '64513' }, 110)
const LIMIT = finding({ country: 'US' }, 20, {
  kind: 'threshold',
  rule: 'rebuffering over 2 %',
  metrics: ['rebuffer_ratio:cta2066'],
  evidence: [],
})
async function landIncidents(store: Store): Promise<void> {
  await landWorld(store)
  const seen: readonly (readonly [minutesAgo: number, findings: readonly Finding[]])[] = [
    [280, [finding({ oca: 'c001.lhr001.ix' }, 290)]],
    [200, []],
    [100, [SLOW]],
    [10, [SLOW, LIMIT]],
  ]
  const { all } = seen.reduce(
    (known, [ago, findings]) =>
      observe(known, { clock: 'world', at: WORLD_NOW - ago * MINUTE_MS, findings, calmMs: 5 * MINUTE_MS, most: 9 }),
    NO_INCIDENTS,
  )
  await store.exec(writeIncidents(all, 1))
}

describe('the page Incidents, on a simulated world', () => {
  let stage: Stage
  before(async () => {
    stage = await openStage(landIncidents)
  })
  after(() => stage.close())
  const get = async <T>(path: string): Promise<T> => (await fetch(`${stage.api.url}${path}`)).json() as Promise<T>
  const listed = async (): Promise<readonly IncidentDetail[]> =>
    (await get<{ incidents: IncidentDetail[] }>('/v1/qoe/incidents')).incidents
  const one = async (asked: (incident: IncidentDetail) => boolean): Promise<IncidentDetail> =>
    get(`/v1/qoe/incidents/${(await listed()).find(asked)!.id}`)
  const shown = (page: Page): Promise<void> =>
    until(
      page,
      `document.querySelectorAll('#list tbody tr').length > 0 && !document.getElementById('detail').hidden && document.querySelectorAll('#course svg text').length > 0`,
    )
  const text = (page: Page, selector: string): Promise<string> => page.locator(selector).innerText()

  it('lists those that go on first, and shows one with evidence that leads to its sessions', async () => {
    const page = await stage.open('/incidents')
    await shown(page)
    const [all, { metrics }] = [await listed(), await get<Definitions>('/v1/qoe/definitions')]
    const rows = await rowsOf(page, '#list tbody tr')
    assert.deepEqual(
      rows.map(([title, state]) => [title, state]),
      [...all]
        .sort((a, b) => Number(a.state === 'ended') - Number(b.state === 'ended') || b.found - a.found)
        .map((each) => [titleWords(each, metrics), each.state === 'open' ? 'unattended' : each.state]),
    )
    assert.match(await text(page, '#headline'), /^2 incidents go on, and nobody looks after them: .* since 1\d:\d\d$/)
    await page.locator('#list a', { hasText: '64513' }).first().click()
    await until(page, `document.getElementById('detail-title').textContent.includes('64513')`)
    const incident = await one(({ title, state }) => title.includes('64513') && state !== 'ended')
    assert.equal(await page.locator('#list tr[aria-current]').count(), 1)
    const evidence = await rowsOf(page, '#evidence tbody tr')
    assert.deepEqual(
      evidence.map(([cause, share]) => [cause, share]),
      incident.evidence.map((each, i) => [`${i + 1}. ${causeWords(each.filters)}`, percent(each.share_of_excess)]),
    )
    assert.ok((await rowsOf(page, '#facts tbody tr')).some(([, value]) => value === amount(incident.affected_sessions)))
    await page.locator('#evidence a').first().click()
    await until(page, `document.querySelectorAll('#sums tbody tr').length > 0`)
    const { from, to } = incident.period
    const number = (
      await get<MetricsAnswer>(
        `/v1/qoe/metrics?metric=${incident.session_metric}&filter=asn:64513&from=${from}&to=${to}&time=open`,
      )
    ).answers[0]!.rows[0]!
    const sums = await rowsOf(page, '#sums tbody tr')
    assert.ok(number.sessions > 0)
    assert.deepEqual(
      [sums[0]![5], sums[1]![1], sums[1]![3]],
      [exactly(number.sessions), 'equal', exactly(number.values[0]!.numerator)],
    )
    await page.close()
  })

  it('is worked by keys alone: next, acknowledge, mute, unmute; the name is asked for once', async () => {
    const page = await stage.open('/incidents?state=open')
    await shown(page)
    const first = await text(page, '#detail-title')
    await page.keyboard.press('j')
    await until(page, `document.getElementById('detail-title').textContent !== ${JSON.stringify(first)}`)
    await page.keyboard.press('k')
    await until(page, `document.getElementById('detail-title').textContent === ${JSON.stringify(first)}`)
    const id = String(new URL(page.url()).searchParams.get('id'))
    await page.keyboard.press('a')
    assert.equal(await page.evaluate('document.activeElement.id'), 'by', 'who?')
    assert.match(await text(page, '#detail [role=status]'), /Say who you are/)
    await page.keyboard.type('ada')
    await page.locator('#detail-title').focus()
    await page.keyboard.press('a')
    await until(page, `document.querySelector('#list tr[aria-current] td').textContent === 'acknowledged'`)
    assert.match(await text(page, '#headline'), /1 of them unattended/)
    await page.keyboard.press('m')
    await until(page, `document.querySelector('#list tr[aria-current] td').textContent === 'muted'`)
    await page.keyboard.press('u')
    await until(page, `document.querySelector('#list tr[aria-current] td').textContent === 'acknowledged'`)
    const { actions, acknowledged } = await one((each) => each.id === id)
    assert.deepEqual(
      [actions.map(({ kind, by }) => [kind, by]), acknowledged?.by],
      [
        [
          ['acknowledge', 'ada'],
          ['mute', 'ada'],
          ['unmute', 'ada'],
        ],
        'ada',
      ],
    )
    await page.reload()
    await shown(page)
    assert.equal(await page.locator('#by').inputValue(), 'ada', 'remembered')
    await page.close()
  })

  it('says when there is none, and when one is not known', async () => {
    const page = await stage.open('/incidents?clock=replay:none', { bare: true })
    await until(page, `document.getElementById('headline').textContent.startsWith('Nobody was heard')`)
    assert.equal(await text(page, '#list'), 'no data')
    assert.deepEqual(await faults(page), [])
    await page.goto(`${stage.api.url}/incidents?id=world-99`)
    await until(page, `document.body.dataset.state === 'error'`)
    assert.match(await text(page, '#banner'), /API_INCIDENT_UNKNOWN/)
    assert.ok((await page.locator('#list tbody tr').count()) > 0)
    await page.close()
  })

  for (const look of LOOKS) {
    it(`has no fault that axe finds, ${look.name}`, async () => {
      const page = await stage.open('/incidents', look)
      await shown(page)
      await page.locator('#list a', { hasText: '64513' }).first().click()
      await until(
        page,
        `document.getElementById('detail-title').textContent.includes('64513') && document.querySelectorAll('#course path').length > 0`,
      )
      await stage.shot(page, `incidents-${look.name}`)
      assert.deepEqual(await faults(page), [])
      await page.close()
    })
  }

  it('fits 320 px, and loads little', async (test) => {
    const page = await stage.open('/incidents', { width: 320 })
    await shown(page)
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )
    assert.ok(scroll <= client, `${scroll} px wide in ${client}`)
    test.diagnostic(await weigh(page))
    await page.close()
  })
})
