import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { experiment, STALLED, WATCHED } from '../scorecard/fixture.ts'
import { scorecardOf, type ScoreCell } from '../scorecard/index.ts'
import { drawn, rowsOf } from '../scorecard/testing.ts'
import { decisionOf, type Evidence } from './decision.ts'
import { inWords } from './words.ts'

const SOUND: Evidence['health'] = { alert: false, leaked: 0, shareError: 0.0001, logE: 0 }
const RULED: RegisteredExperiment = experiment({
  variations: [
    { key: 'a', name: 'Today', weight: 0.5 },
    { key: 'b', name: 'Bigger', weight: 0.5 },
  ],
  metrics: {
    primary: [{ ...WATCHED, name: 'Watch time' }],
    guardrail: [{ ...STALLED, name: 'Rebuffering', margin: 0.02 }],
    secondary: [],
  },
})

/** A cell whose relative effect has this interval; undefined = the gate is closed. */
const cell = (family: ScoreCell['family'], interval?: readonly [number, number], over: Partial<ScoreCell> = {}) => {
  const metric = family === 'guardrail' ? STALLED : WATCHED
  const effect = interval === undefined ? 0 : (interval[0] + interval[1]) / 2
  return {
    family,
    metric: metric.id,
    version: 1,
    variation: 1,
    slice: null,
    discovery: false,
    guardrail: null,
    unitsToJoin: null,
    reason: interval === undefined ? 'too few units had the outcome' : '',
    gate: { open: interval !== undefined, reason: '', unitsNeeded: 1_234 },
    relative: interval === undefined ? null : { effect, se: 0.01, interval },
    ...over,
  } as ScoreCell
}
const judge = (cells: readonly ScoreCell[], over: Partial<RegisteredExperiment> = {}, health = SOUND) => {
  const own = { ...RULED, ...over }
  const verdict = decisionOf(own, { cells, health }, 0)
  return { ...verdict, ...inWords(own, verdict) }
}
const FOUND = cell('primary', [0.02, 0.06], { discovery: true })
const SAFE = cell('guardrail', [-0.01, 0.01], { guardrail: 'not inferior' })

describe('the verdict on an experiment', () => {
  it('ships what is better and harms no guardrail', () => {
    const { verdict, variation, headline, reasons } = judge([FOUND, SAFE])
    assert.deepEqual([verdict, variation], ['ship', 1])
    assert.equal(headline, 'Ship “Bigger”: “Watch time” is 4.00 % higher (+2.00 % to +6.00 %), which is better.')
    assert.equal(reasons[1], '“Rebuffering” is not harmed (−1.00 % to +1.00 %).')
  })

  it('keeps running while a guardrail may still be harmed, however good the rest is', () => {
    const { verdict, headline } = judge([FOUND, cell('guardrail', [-0.05, 0.06], { guardrail: 'undecided' })])
    assert.equal(verdict, 'keep running')
    assert.match(headline, /^Keep running/)
    assert.equal(judge([FOUND, cell('guardrail')]).verdict, 'keep running')
  })

  it('rolls back what harms a guardrail or a primary metric', () => {
    const harmed = cell('guardrail', [0.04, 0.09], { guardrail: 'inferior', discovery: true })
    assert.equal(
      judge([FOUND, harmed]).headline,
      'Roll back “Bigger”: “Rebuffering” is 6.50 % higher (+4.00 % to +9.00 %), more harm than is allowed.',
    )
    const worse = cell('primary', [-0.06, -0.02], { discovery: true })
    assert.equal(judge([worse, SAFE]).verdict, 'roll back')
  })

  it('trusts nothing where units do not fall on the arms as the weights say', () => {
    const broken = { alert: true, leaked: 3, shareError: 0.02, logE: 30 }
    const { verdict, variation, headline, reasons } = judge([FOUND, SAFE], {}, broken)
    assert.deepEqual([verdict, variation], ['untrusted', null])
    assert.match(headline, /^Do not decide from this: 3 units are in an arm/)
    assert.match(reasons[1]!, /off by 2\.00 %/)
  })

  it('says that nothing differs only where the whole interval is within what matters', () => {
    const within = cell('primary', [-0.01, 0.015])
    assert.match(
      judge([within, SAFE]).headline,
      /^No difference that matters: “Watch time” differs by less than 2\.00 %/,
    )
    assert.equal(judge([within, SAFE], { targetEffect: 0.01 }).verdict, 'keep running')
    assert.equal(judge([cell('primary', [-0.03, 0.015]), SAFE]).verdict, 'keep running')
  })

  it('says how far it is, and after its end that there is no answer', () => {
    const far = cell('primary', [-0.03, 0.05], { unitsToJoin: 3_400 })
    assert.match(judge([far, SAFE]).headline, /about 3,400 units have yet to join\.$/)
    assert.match(
      judge([cell('primary'), SAFE]).headline,
      /cannot be judged yet, too few .* about 1,234 units in each arm/,
    )
    assert.match(
      judge([far, SAFE], { state: 'stopped' }).headline,
      /^Ended without an answer: “Watch time” is undecided/,
    )
    assert.equal(judge([], { state: 'draft' }).headline, 'Not started yet: nobody is exposed.')
  })

  it('of several arms speaks of the best that may be shipped', () => {
    const arms = { variations: [...RULED.variations, { key: 'c', name: '', weight: 0.5 }] }
    const third = [
      cell('primary', [0.05, 0.09], { discovery: true, variation: 2 }),
      cell('guardrail', [-0.01, 0.01], { guardrail: 'not inferior', variation: 2 }),
    ]
    assert.match(judge([FOUND, SAFE, ...third], arms).headline, /^Ship “c”/)
    const harmed = cell('guardrail', [0.04, 0.09], { guardrail: 'inferior', variation: 2 })
    const { headline, arms: each } = judge([FOUND, SAFE, third[0]!, harmed], arms)
    assert.match(headline, /^Ship “Bigger”/)
    assert.deepEqual(
      each.map(({ verdict }) => verdict),
      ['ship', 'roll back'],
    )
  })

  it('rests on scorecards as they are made', () => {
    const units = drawn(8_000, 12)
    const own = experiment({ metrics: { primary: [WATCHED], guardrail: [], secondary: [] } })
    const { cells } = scorecardOf(own, [{ slice: null, rows: rowsOf(units, WATCHED) }], 0)
    assert.equal(decisionOf(own, { cells, health: SOUND }, 0).verdict, 'ship')
    const same = scorecardOf(own, [{ slice: null, rows: rowsOf(drawn(8_000), WATCHED) }], 0)
    assert.equal(decisionOf(own, { cells: same.cells, health: SOUND }, 0).verdict, 'no difference')
  })
})
