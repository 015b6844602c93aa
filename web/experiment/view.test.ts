import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ScoreCell } from '../shell/answers.ts'
import { EXPERIMENT } from './testing.ts'
import type { Health } from './types.ts'
import { healthRows, isBroken, note, quantileRows, roleOf, scoreRow } from './view.ts'

const cell = (over: Partial<ScoreCell> = {}): ScoreCell =>
  ({
    family: 'primary',
    metric: 'watch',
    version: 1,
    variation: 1,
    slice: null,
    units: { control: 500, treatment: 480 },
    openUnits: 20,
    control: 1_500,
    treatment: 1_560,
    gate: { open: true, reason: '', unitsNeeded: 0 },
    relative: { effect: 0.04, se: 0.01, interval: [0.02, 0.06] },
    reason: '',
    guardrail: null,
    discovery: true,
    ...over,
  }) as ScoreCell
const texts = (row: ReturnType<typeof scoreRow>): string[] =>
  row.map((each) => (typeof each === 'string' ? each : each.text))

describe('the scorecard of the page', () => {
  it('says what was found, beside the figures of both arms', () => {
    assert.deepEqual(texts(scoreRow(EXPERIMENT, cell(), undefined)), [
      'WATCH',
      'big',
      '+4.00 % ± 2.00 %',
      '1.50 s',
      '1.56 s',
      '500 and 480',
      '20',
      'better',
    ])
    assert.equal(texts(scoreRow(EXPERIMENT, cell({ discovery: false }), undefined)).at(-1), 'no difference found')
    const harmed = cell({ family: 'guardrail', metric: 'stall', guardrail: 'inferior', control: 0.012 })
    assert.deepEqual(texts(scoreRow(EXPERIMENT, harmed, undefined)).slice(3, 4), ['1.20 %'])
    assert.equal(texts(scoreRow(EXPERIMENT, harmed, undefined)).at(-1), 'harmed')
  })

  it('veils what is not valid yet, with what it waits for', () => {
    const reason = 'too few units had the outcome'
    const closed = cell({ relative: null, reason, gate: { open: false, reason, unitsNeeded: 1_234 }, control: null })
    const row = texts(scoreRow(EXPERIMENT, closed, undefined))
    assert.deepEqual([row[2], row[3], row.at(-1)], ['from about 1,234 units an arm', 'no data', reason])
  })

  it('says of each quantile what the arms are, and that a band is open', () => {
    const cells = [{ level: 0.5, control: 800, treatment: null, difference: null, interval: [null, 40] as const }]
    const rows = quantileRows(EXPERIMENT, {
      metric: 'watch',
      variation: 1,
      slice: null,
      units: { control: 1, treatment: 1 },
      cells,
    })
    assert.deepEqual(rows, [['p50, big', '0.80 s', 'never', 'no data', 'open to 0.04 s']])
    const nobody = { metric: 'watch', variation: 1, slice: null, units: { control: 1, treatment: 0 }, cells }
    assert.equal(quantileRows(EXPERIMENT, nobody)[0]![2], 'no data')
  })
})

describe('the health of the page', () => {
  const ratio = {
    phases: [{ phase: 0, weights: [0.5, 0.5], units: [500, 480] }],
    logE: 0,
    shareError: 0.01,
    leaked: 0,
    alert: false,
  }
  const health: Health = { exposed: ratio, counted: ratio, multiple: 3, dimensions: {}, late: null }

  it('answers each question, and is broken by one', () => {
    assert.equal(isBroken(health), false)
    assert.deepEqual(healthRows(EXPERIMENT, health)[0], [
      'Do units fall on the arms as the weights say?',
      { text: 'yes', state: 'good' },
      'today 500, big 480',
    ])
    assert.equal(isBroken({ ...health, late: { alert: true, logE: 9 } }), true)
    assert.equal(isBroken({ ...health, exposed: { ...ratio, alert: true } }), true)
  })

  it('the note says state, days, units, share and owner', () => {
    assert.equal(
      note(EXPERIMENT, 980, 86_400_000),
      'running · 1.0 days · 980 units · 10.0 % of all units take part · clock “live” · owner ada',
    )
  })
})

describe('what somebody may do', () => {
  const me = (name: string, ...scopes: string[]) => ({ name, scopes: ['read', ...scopes] })
  const created = { ...EXPERIMENT, principal: 'ann' }
  const role = (who: ReturnType<typeof me>) => roleOf(who, { ...EXPERIMENT, owner: 'team' }, created)

  it('is everything for owners and admins, a kill for editors, and nothing for viewers, who are told why', () => {
    const may = (who: ReturnType<typeof me>): boolean[] => ['start', 'kill'].map((action) => role(who).may(action))
    assert.deepEqual(may(me('ann', 'write:experiments')), [true, true])
    assert.deepEqual(may(me('team', 'write:experiments')), [true, true])
    assert.deepEqual(may(me('root', 'write:experiments', 'admin:experiments')), [true, true])
    assert.deepEqual(may(me('bob', 'write:experiments')), [false, true])
    assert.deepEqual(may(me('ann')), [false, false])
    assert.match(role(me('bob', 'write:experiments')).why, /^It belongs to team, ann: signed in as bob/)
    assert.match(role(me('ann')).why, /needs? the scope write:experiments/)
    assert.equal(role(me('ann', 'write:experiments')).why, '')
  })
})
