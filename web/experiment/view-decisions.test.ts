import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Experiment, ListedDecision, RolloutAnswer } from './types.ts'
import { choicesOf, decisionRows, rolloutSays } from './view-decisions.ts'

const EXPERIMENT = {
  state: 'running',
  variations: [
    { key: 'a', name: 'today', weight: 0.5 },
    { key: 'b', name: '', weight: 0.5 },
  ],
} as unknown as Experiment

describe('decisions on the page', () => {
  it('are offered as the state allows, and a rollback does what it says', () => {
    const names = (state: Experiment['state']): string[] => choicesOf({ ...EXPERIMENT, state }).map(({ name }) => name)
    assert.deepEqual(names('draft'), [])
    assert.deepEqual(names('running'), ['ship-1', 'roll-back', 'no-difference', 'keep-running'])
    assert.deepEqual(names('stopped'), ['ship-1', 'no-difference', 'keep-running'])
    assert.equal(choicesOf(EXPERIMENT)[0]!.text, 'Ship “b”')
  })

  it('lead to their record and its proof, and say whether they were carried out', () => {
    const decision: ListedDecision = {
      ...{ number: 3, choice: 'ship' as const, variation: 1, by: 'ada', at: 0, automatic: false, note: 'why' },
      ...{ sha256: 'ab', headline: 'Ship it.', operation: { action: 'ramp' }, carriedOut: false },
    }
    const [row] = decisionRows(EXPERIMENT, '/v1/experiments/x/decisions', [decision])
    assert.deepEqual(row![0], {
      text: 'ship “b”',
      href: '/v1/experiments/x/decisions/3',
      title: 'SHA-256 ab',
    })
    assert.match(JSON.stringify(row![5]), /ramp, not carried out/)
    assert.deepEqual(row![6], { text: 'reproduce', href: '/v1/experiments/x/decisions/3/reproduce' })
    const [own] = decisionRows(EXPERIMENT, '', [{ ...decision, automatic: true, operation: null, carriedOut: null }])
    assert.deepEqual([own![1], own![5]], ['ada (by itself)', 'nothing'])
  })

  it('of the rollout say what will be done, or what was done and can be undone', () => {
    const step = { action: 'kill', because: 'it is harmed' } as const
    const says = (over: Partial<RolloutAnswer>): string =>
      rolloutSays({ headline: '', pending: null, taken: null, ...over })
    assert.equal(says({}), '')
    assert.equal(says({ headline: 'Will roll back.', pending: { step, due: 1 } }), 'Will roll back.')
    assert.match(says({ taken: { step, at: 0 } }), /^Rolled back by itself at .* because it is harmed\.$/)
    assert.equal(says({ taken: { step: { ...step, action: 'ramp' }, at: 0 } }), '')
  })
})
