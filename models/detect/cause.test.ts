import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { causesOfChange, describeCause, type MinuteCell } from './index.ts'
import { isTold, logLine, webhookPayload } from './payloads.ts'
import { NO_INCIDENTS, reduceIncidents, type Finding, type Incident } from './incidents.ts'
import { emptyCell } from './samples.ts'

const METRIC = 'start_failure_rate:technical'
type Values = Pick<MinuteCell, 'asn' | 'oca' | 'device' | 'app_version'>

/** ISPs 1 to 3 use three OCAs, each another one mostly. */
const USE: readonly Values[] = [1, 2, 3].flatMap((asn) => ['x', 'y', 'z'].flatMap((oca, o) => ['tv', 'phone'].flatMap((device) => ['1.0', '2.0'].flatMap((app_version) =>
  Array.from({ length: o === asn - 1 ? 7 : 2 }, () => ({ asn, oca, device, app_version }))))))
const cells = (failed: (values: Values) => number): MinuteCell[] => USE.map((values) => ({ ...emptyCell({ country: 'DE', ...values }), attempts: 50, start_failures: failed(values) }))
const before = Array.from({ length: 10 }, (_, i) => cells(() => Number(i % 2 === 0))).flat()
const best = (bad: (values: Values) => boolean): string => describeCause(causesOfChange(before, cells((values) => (bad(values) ? 10 : 0)), METRIC)[0]!.cause)

describe('the search for a cause', () => {
  it('names the ISP, not the OCA that it uses most', () => assert.equal(best(({ asn }) => asn === 1), 'asn 1'))
  it('names the OCA that serves several ISPs, not one of these', () => assert.equal(best(({ oca }) => oca === 'x'), 'oca x'))
  it('names a version, and a pair only where the pair is the cause', () => {
    assert.equal(best(({ app_version }) => app_version === '2.0'), 'app_version 2.0')
    assert.equal(best(({ app_version, device }) => app_version === '2.0' && device === 'tv'), 'app_version 2.0, device tv')
    assert.equal(best(({ asn, oca }) => asn === 1 && oca === 'x'), 'asn 1, oca x')
  })
  it('names everything when everything is worse', () => assert.equal(best(() => true), 'everything'))
  it('names nothing when nothing is, or the metric is unknown', () => {
    assert.deepEqual(causesOfChange(before, cells(() => 0), METRIC), [])
    assert.deepEqual(causesOfChange(before, before, 'no such metric'), [])
  })

  it('tells how much a cause explains, inside and outside of it', () => {
    const [first] = causesOfChange(before, cells(({ asn }) => (asn === 1 ? 10 : 1)), METRIC)
    assert.ok(first!.share > 0.7 && first!.inside > 10 && first!.outside < 3 && first!.excess > 0)
    assert.equal(first!.events, 10 * USE.filter(({ asn }) => asn === 1).length)
  })

  it('does not depend on the order of cells', () => {
    const now = cells(({ asn, device }) => (asn === 2 ? 6 : device === 'tv' ? 2 : 0))
    const plain = causesOfChange(before, now, METRIC)
    fc.assert(fc.property(fc.shuffledSubarray(now, { minLength: now.length }), (shuffled) => assert.deepEqual(causesOfChange(before, shuffled, METRIC), plain)), { numRuns: 20 })
  })
})

const found = (over: Partial<Finding> = {}): Finding => ({ cause: { asn: '1' }, kind: 'anomaly', metrics: ['ebvs_rate'], since: 0, evidence: [], rate: 0.2, usualRate: 0.02, affected: [], shadows: [], ...over })
const observe = (incidents: typeof NO_INCIDENTS, at: number, ...findings: Finding[]): typeof NO_INCIDENTS => reduceIncidents(incidents, { kind: 'observe', clock: 'live', at, findings, calmMs: 300_000, most: 3 })

describe('incidents', () => {
  it('are one for one cause, whatever metrics show it, and end only after a calm', () => {
    let now = observe(NO_INCIDENTS, 10_000, found())
    now = observe(now, 20_000, found({ metrics: ['rebuffer_ratio:cta2066'], rate: 0.5 }))
    now = observe(now, 200_000, found({ rate: 0.4 }))
    assert.deepEqual(now.all.map(({ id, metrics, state, peak }) => [id, metrics, state, peak.rate]), [['live-1', ['ebvs_rate', 'rebuffer_ratio:cta2066'], 'open', 0.4]])
    assert.equal(observe(now, 499_999).all[0]!.state, 'open')
    now = observe(now, 500_000)
    assert.deepEqual([now.all[0]!.state, now.all[0]!.end], ['ended', 200_000])
    assert.deepEqual(observe(now, 600_000, found()).all.map(({ id }) => id), ['live-1', 'live-2'])
  })

  it('are two for two causes, but not for the shadow of one', () => {
    const now = observe(NO_INCIDENTS, 10_000, found({ cause: { oca: 'x' } }))
    assert.equal(observe(now, 20_000, found({ cause: { asn: '2' } })).all.length, 2)
    const shadowed = observe(now, 20_000, found({ cause: { country: 'DE' }, shadows: [{ oca: 'x' }] }))
    assert.deepEqual(shadowed.all.map(({ cause }) => cause), [{ oca: 'x' }])
  })

  it('count those hit once by minute and those hit again where most were at once', () => {
    let now = observe(NO_INCIDENTS, 10_000, found({ affected: [{ minute: 0, once: 5, again: 9 }] }))
    for (let minute = 1; minute < 30; minute++) now = observe(now, minute * 60_000, found({ affected: [{ minute: minute * 60_000, once: 1, again: 9 }] }))
    assert.equal(now.all[0]!.affectedSessions, 34)
    assert.ok(now.all[0]!.affected.length <= 10)
  })

  it('are let go when there are too many, ended ones first', () => {
    let now = NO_INCIDENTS
    for (let i = 0; i < 6; i++) now = observe(now, i * 400_000, found({ cause: { asn: String(i) }, since: i * 400_000 }))
    assert.deepEqual(now.all.map(({ id }) => id), ['live-4', 'live-5', 'live-6'])
  })

  it('are told with cause, evidence and times, and not at all while muted', () => {
    const [first] = causesOfChange(before, cells(({ asn }) => (asn === 1 ? 10 : 0)), METRIC)
    const now = observe(NO_INCIDENTS, 90_000, found({ since: 60_000, evidence: [first!, { ...first!, outside: Infinity }] }))
    const [incident] = now.all as [Incident]
    const body = webhookPayload(incident)
    assert.deepEqual([body.id, body.state, body.title, body.started_at, body.ended_at], ['live-1', 'open', 'ebvs_rate: asn 1', '1970-01-01T00:01:00.000Z', null])
    assert.deepEqual(JSON.parse(JSON.stringify(body)), body)
    assert.equal(body.evidence[1]!.outside, null)
    assert.equal(logLine(incident).message, 'incident open: ebvs_rate of asn 1')
    const muted = reduceIncidents(now, { kind: 'mute', id: 'live-1', at: 90_000, until: 100_000 })
    assert.deepEqual([isTold(incident), isTold(muted.all[0]!)], [true, false])
  })
})
