import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_INCIDENTS, observe, type Finding, type Incident, type Incidents } from './incidents.ts'
import { UNTOUCHED } from './operators.ts'
import { evidencePayload, incidentPayload, logLine } from './payloads.ts'

const found = (over: Partial<Finding> = {}): Finding => ({
  cause: { asn: '1' },
  kind: 'anomaly',
  metrics: ['ebvs_rate.minute:playloop'],
  since: 0,
  evidence: [],
  rate: 0.2,
  usualRate: 0.02,
  affected: [],
  shadows: [],
  ...over,
})
const see = (incidents: Incidents, at: number, ...findings: Finding[]): Incidents =>
  observe(incidents, { clock: 'live', at, findings, calmMs: 300_000, most: 3 })

describe('incidents', () => {
  it('are one for one cause, whatever metrics show it, and end only after a calm', () => {
    let now = see(NO_INCIDENTS, 10_000, found())
    now = see(now, 20_000, found({ metrics: ['rebuffer_ratio.minute:cta2066'], rate: 0.5 }))
    now = see(now, 200_000, found({ rate: 0.4 }))
    assert.deepEqual(
      now.all.map(({ id, metrics, end, peak }) => [id, metrics, end, peak.rate]),
      [['live-1', ['ebvs_rate.minute:playloop', 'rebuffer_ratio.minute:cta2066'], null, 0.4]],
    )
    assert.equal(see(now, 499_999).all[0]!.end, null)
    now = see(now, 500_000)
    assert.equal(now.all[0]!.end, 200_000)
    assert.deepEqual(
      see(now, 600_000, found()).all.map(({ id }) => id),
      ['live-1', 'live-2'],
    )
  })

  it('wait for a cause that leads, but not for long, and never where a limit is broken', () => {
    const of = (cause: Finding['cause'], score: number, events = 9) => ({
      cause,
      score,
      metric: 'vsf_rate',
      events,
      expected: 1,
      excess: 8,
      share: 1,
      inside: 9,
      outside: 1,
    })
    const opens = (at: number, ...evidence: Finding['evidence']): number =>
      see(NO_INCIDENTS, at, found({ evidence })).all.length
    const [clear, close, same] = [of({ asn: '2' }, 7, 8), of({ asn: '2' }, 9, 8), of({ oca: 'x' }, 9.5)]
    assert.deepEqual(
      [
        opens(10_000, of({ asn: '1' }, 10), clear),
        opens(10_000, of({ asn: '1' }, 10), same, close),
        opens(10_000, of({ asn: '1' }, 10), same),
      ],
      [1, 0, 1],
    )
    assert.deepEqual([opens(44_999, of({ asn: '1' }, 10), close), opens(45_000, of({ asn: '1' }, 10), close)], [0, 1])
    assert.equal(
      see(NO_INCIDENTS, 10_000, found({ kind: 'threshold', rule: 'starts', evidence: [of({ asn: '1' }, 10), close] }))
        .all.length,
      1,
    )
  })

  it('are two for two causes, but not for the shadow of one', () => {
    const now = see(NO_INCIDENTS, 10_000, found({ cause: { oca: 'x' } }))
    assert.equal(see(now, 20_000, found({ cause: { asn: '2' } })).all.length, 2)
    const shadowed = see(now, 20_000, found({ cause: { country: 'DE' }, shadows: [{ oca: 'x' }] }))
    assert.deepEqual(
      shadowed.all.map(({ cause }) => cause),
      [{ oca: 'x' }],
    )
  })

  it('count those hit once by minute and those hit again where most were at once', () => {
    let now = see(NO_INCIDENTS, 10_000, found({ affected: [{ minute: 0, once: 5, again: 9 }] }))
    for (let minute = 1; minute < 30; minute++)
      now = see(now, minute * 60_000, found({ affected: [{ minute: minute * 60_000, once: 1, again: 9 }] }))
    assert.equal(now.all[0]!.affectedSessions, 34)
    assert.ok(now.all[0]!.affected.length <= 10)
  })

  it('are let go when there are too many, ended ones first', () => {
    let now = NO_INCIDENTS
    for (let i = 0; i < 6; i++) now = see(now, i * 400_000, found({ cause: { asn: String(i) }, since: i * 400_000 }))
    assert.deepEqual(
      now.all.map(({ id }) => id),
      ['live-4', 'live-5', 'live-6'],
    )
  })

  it('are one when a limit is broken where an anomaly is, and two where only everything is over the limit', () => {
    const limit = found({ kind: 'threshold', rule: 'starts', metrics: ['startup.minute.mean:cta2066'] })
    const both = see(see(NO_INCIDENTS, 10_000, limit), 20_000, limit, found())
    assert.deepEqual(
      both.all.map(({ id, kind, rules, metrics }) => [id, kind, rules, metrics]),
      [['live-1', 'anomaly', ['starts'], ['startup.minute.mean:cta2066', 'ebvs_rate.minute:playloop']]],
    )
    const wide = see(see(NO_INCIDENTS, 10_000, { ...limit, cause: {} }), 20_000, { ...limit, cause: {} }, found())
    assert.deepEqual(
      wide.all.map(({ kind, cause }) => [kind, cause]),
      [
        ['threshold', {}],
        ['anomaly', { asn: '1' }],
      ],
    )
  })
})

describe('what is told', () => {
  const evidence = (outside: number): Finding['evidence'][number] => ({
    cause: { asn: '1' },
    score: 12.3456,
    metric: 'ebvs_rate.minute:playloop',
    events: 60,
    expected: 6,
    excess: 54,
    share: 0.9,
    inside: 10,
    outside,
  })
  const [incident] = see(NO_INCIDENTS, 90_000, found({ since: 60_000, evidence: [evidence(1), evidence(Infinity)] }))
    .all as [Incident]

  it('has cause, times, and what leads to the sessions', () => {
    const told = incidentPayload(incident, UNTOUCHED, 95_000)
    assert.deepEqual(
      [told.id, told.state, told.title, told.start, told.end],
      ['live-1', 'open', 'ebvs_rate.minute:playloop: asn 1', 60_000, null],
    )
    assert.deepEqual([told.filters, told.session_metric, told.peak.unit], [['asn:1'], 'ebvs_rate:conviva', 'ratio'])
    assert.equal(logLine(told).message, 'incident open: ebvs_rate.minute:playloop of asn 1')
  })

  it('is the same of an incident that was written down: nothing usual is null', () => {
    const read = JSON.parse(JSON.stringify(incident)) as Incident
    assert.deepEqual(read.evidence.map(evidencePayload), incident.evidence.map(evidencePayload))
    assert.deepEqual(
      incident.evidence.map(evidencePayload).map(({ outside }) => outside),
      [1, null],
    )
  })
})
