import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileFeatures, evaluateFeature } from '../assign/index.ts'
import type { Served } from '../definitions/registry.ts'
import { after_, created } from '../definitions/testing.ts'
import { readFlag, type FlagDraft } from './check-flag.ts'
import { explain } from './explain.ts'
import { payloadOf } from './payload.ts'

const groups: Served['groups'] = ['staff', 'unused'].map((id) => ({
  ...{ id, description: '', values: ['ada', 7], state: 'active', revision: 0, action: 'create', by: 'ada', at: 40 },
}))
const running = after_(created({ forced: [{ condition: { id: 'eve' }, variation: 'b' }] }), {
  action: 'start',
  caps: {},
})
const servedBy = (
  draft: Partial<FlagDraft>,
  over: Partial<Served> = {},
): Served & { flag: Served['flags'][number] } => {
  const known = { experiments: [running], flags: [], groups: ['staff'] }
  const read = readFlag({ id: 'f', type: 'string', defaultValue: 'off', clocks: ['live'], ...draft }, known)
  assert.ok('rules' in read, JSON.stringify(read))
  const flag = { ...read, at: 50 }
  return { experiments: [running], groups, flags: [flag], ...over, flag }
}
const valueOf = (served: Served, id: string, now = 0): unknown =>
  evaluateFeature(compileFeatures(payloadOf(served, 'live', now)), 'f', { attributes: { id } }).result.value

describe('the payload of features', () => {
  it('has a flag with its rules and the groups that they name, and nothing of how it is kept', () => {
    const served = servedBy({
      description: 'private',
      rules: [
        { id: 'r', description: 'private', force: 'on', condition: { id: { $inGroup: 'staff' } }, clocks: ['live'] },
      ],
    })
    const { features, savedGroups } = payloadOf(served, 'live', 0)
    assert.deepEqual(features['f'], {
      defaultValue: 'off',
      rules: [{ id: 'r', force: 'on', condition: { id: { $inGroup: 'staff' } } }],
    })
    assert.deepEqual(savedGroups, { staff: ['ada', 7] })
    assert.deepEqual(
      ['ada', 'bob'].map((id) => valueOf(served, id)),
      ['on', 'off'],
    )
    assert.deepEqual(payloadOf(served, 'world', 0).features, {})
  })

  it('follows a schedule: the rule is there from its time until its end, and the date says so', () => {
    const served = servedBy({ rules: [{ force: 'on', schedule: { from: 100, to: 200 } }] })
    const at = (now: number): unknown[] => [
      valueOf(served, 'x', now),
      Date.parse(payloadOf(served, 'live', now).dateUpdated),
    ]
    const started = running.at
    assert.ok(started < 100)
    assert.deepEqual([99, 100, 199, 200].map(at), [
      ['off', 50],
      ['on', 100],
      ['on', 100],
      ['off', 200],
    ])
  })

  it('gives each variation of a running experiment its value, and counts the unit in that experiment', () => {
    const served = servedBy({ rules: [{ id: 'r', experiment: 'x', values: { a: 'red', b: 'blue' } }] })
    const features = compileFeatures(payloadOf(served, 'live', 0))
    const seen = new Set<unknown>()
    for (let unit = 0; unit < 50; unit++) {
      const own = evaluateFeature(features, 'f', { attributes: { id: unit + 1 } })
      const { result } = evaluateFeature(features, 'x', { attributes: { id: unit + 1 } })
      assert.deepEqual(
        [own.result.value, own.result.source, own.result.ruleId, own.exposures[0]?.experiment.key],
        [result.value === 'a' ? 'red' : 'blue', 'experiment', 'r', 'x'],
      )
      seen.add(own.result.value)
    }
    assert.equal(seen.size, 2)
    assert.equal(evaluateFeature(features, 'f', { attributes: { id: 'eve' } }).result.source, 'force')
    for (const orders of [[{ action: 'pause' }], [{ action: 'kill' }], [{ action: 'stop' }]] as const)
      assert.equal(valueOf({ ...served, experiments: [after_(running, ...orders)] }, 'eve'), 'off')
  })

  it('gives everybody the default of a killed flag, has no archived one, and an experiment before a flag of its id', () => {
    const served = servedBy({ rules: [{ force: 'on' }] })
    const flagged = (over: object): Served => ({ ...served, flags: [{ ...served.flag, ...over }] })
    assert.deepEqual(payloadOf(flagged({ killed: true }), 'live', 0).features['f'], { defaultValue: 'off', rules: [] })
    assert.equal(payloadOf(flagged({ state: 'archived' }), 'live', 0).features['f'], undefined)
    assert.equal(payloadOf(flagged({ id: 'x' }), 'live', 0).features['x']?.defaultValue, 'a')
  })

  it('is explained: which rule decided, and what let the unit pass the others', () => {
    const parent = { id: 'x', condition: { value: 'none' } }
    const served = servedBy({
      rules: [
        { id: 'later', force: '1', schedule: { from: 9 } },
        { id: 'parent', force: '2', parentConditions: [parent], condition: { id: 'zoe' } },
        { id: 'group', force: '3', condition: { id: { $inGroup: 'staff' } }, coverage: 1 },
        { id: 'share', force: '4', condition: { id: 'zoe' }, coverage: 0 },
        { id: 'all', force: '5' },
        { id: 'rest', force: '6' },
      ],
    })
    const told = explain(served, served.flag, { clock: 'live', now: 0, attributes: { id: 'zoe' } })
    assert.deepEqual([told.value, told.source, told.rule, told.experiment], ['5', 'force', 'all', null])
    assert.deepEqual(
      told.steps.map(({ outcome, because }) => [outcome, because]),
      [
        ['not in force', null],
        ['passed over', 'prerequisite'],
        ['passed over', 'condition'],
        ['passed over', 'share'],
        ['decided', null],
        ['not asked', null],
      ],
    )
    const killed = { ...served.flag, killed: true }
    const none = explain({ ...served, flags: [killed] }, killed, { clock: 'live', now: 0, attributes: {} })
    assert.deepEqual(
      [none.value, none.rule, new Set(none.steps.map(({ outcome }) => outcome))],
      ['off', '', new Set(['not in force'])],
    )
  })
})
