import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Outlook } from '../shell/answers.ts'
import { audienceSentence, basisSentence, dayRows, daySentence, found, pastRows, reachRows } from './prospect.ts'

const metric = (over: object = {}) => ({
  metric: 'plays@1',
  name: 'Plays',
  unit: 'events',
  window_days: 7,
  past: { units: 200, mean: 2.5, variance: 1, nonzero: 150, skewness: 0, percentiles: [2, 4, 9] },
  reason: '' as const,
  days: [
    { day: 13, units: 0, effect: null },
    { day: 14, units: 12_000, effect: 0.052 },
  ],
  ...over,
})
const outlook = (over: object = {}): Outlook => ({
  clock: 'live',
  now: 0,
  observed_days: 13.6,
  planned_units: 2_000,
  audience: { units: 2_000, in: 500, country: [], device: [], unknown: [], sampled: 1, ...over },
  metrics: [metric()],
})

describe('the outlook of a draft', () => {
  it('says who would take part, and what history cannot know', () => {
    assert.equal(
      audienceSentence(outlook(), 'profile'),
      'Of 2,000 units (profile) of the last week, 500 (25.0 %) would take part.',
    )
    assert.match(audienceSentence(outlook({ unknown: ['plan'] }), 'profile'), /does not know plan: nobody/)
    assert.match(audienceSentence(outlook({ units: 0, in: 0 }), 'device'), /^No history/)
    assert.deepEqual(
      reachRows([{ value: '', units: 10, in: 5 }], (share) => ({ share })),
      [['unknown', '10', '5', { text: '50.0 %', picture: { share: 0.5 } }]],
    )
  })

  it('says what a fortnight finds, or from when something is found, or that nothing is', () => {
    assert.equal(found(metric()), 'Plays: after 14 days, changes of 5.20 % and more are found.')
    const late = metric({
      days: [
        { day: 14, units: 0, effect: null },
        { day: 20, units: 500, effect: 0.3 },
      ],
    })
    assert.equal(found(late), 'Plays: on day 20 changes of 30.0 % and more are found, before nothing.')
    assert.match(found(metric({ days: [{ day: 14, units: 1, effect: null }] })), /within 1 days nothing/)
    assert.match(found(metric({ reason: 'no data', days: [] })), /no data/)
  })

  it('has a table of what the picture shows, and of what the metrics were', () => {
    assert.deepEqual(dayRows(metric(), 13), [
      ['13', '0', 'not yet'],
      ['14, extrapolated', '12.0 k', '5.20 %'],
    ])
    assert.equal(daySentence(metric().days[1]!), 'Day 14: 12.0 k units counted, changes of 5.20 % and more found')
    assert.deepEqual(pastRows(outlook()), [['Plays', '200', '2.5', '75.0 %', '2', '4', '9']])
    const none = { ...outlook(), metrics: [metric({ past: null })] }
    assert.deepEqual(pastRows(none)[0]!.slice(0, 2), ['Plays', 'no data'])
    assert.match(basisSentence(outlook({ sampled: 3 })), /^From 13.6 days .* 2,000 planned .*One in 3 units/)
  })
})
