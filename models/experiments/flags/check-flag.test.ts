import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RegisteredFlag } from '../../../schemas/experiments/flag.ts'
import { after_, created } from '../definitions/testing.ts'
import { readFlag, type FlagDraft, type KnownToFlags } from './check-flag.ts'
import { readGroup } from './check-group.ts'
import { actOn, change } from './life-cycle.ts'
import { flagsThatNeed, usersOfGroup } from './references.ts'

const draft = (over: Partial<FlagDraft> = {}): FlagDraft => ({ id: 'f', type: 'boolean', defaultValue: false, ...over })
const NOTHING: KnownToFlags = { experiments: [], flags: [], groups: [] }
const flag = (over: Partial<FlagDraft> = {}, known: Partial<KnownToFlags> = {}): RegisteredFlag => {
  const read = readFlag(draft(over), { ...NOTHING, ...known })
  assert.ok('rules' in read, JSON.stringify(read))
  return read
}
const faults = (over: Partial<FlagDraft>, known: Partial<KnownToFlags> = {}): string[] => {
  const read = readFlag(draft(over), { ...NOTHING, ...known })
  return 'rules' in read ? [] : read.map(({ at, problem }) => `${at} ${problem}`)
}
const asks = (id: string): FlagDraft['rules'] => [
  { force: true, parentConditions: [{ id, condition: { value: true } }] },
]

describe('a flag', () => {
  it('gets defaults: ids of rules, and a hash of its own for a share', () => {
    assert.deepEqual(
      flag({ rules: [{ id: 'rule-2', force: true }, { force: true, coverage: 0.1 }, { force: false }] }).rules,
      [
        { id: 'rule-2', force: true },
        { id: 'rule-1', force: true, coverage: 0.1, hashAttribute: 'id', hashVersion: 2, seed: 'f' },
        { id: 'rule-3', force: false },
      ],
    )
  })

  it('is told every fault at its field', () => {
    assert.deepEqual(
      faults({
        id: 'no spaces',
        clocks: [],
        defaultValue: 'yes',
        rules: [
          { id: 'a', force: 1, coverage: 2 },
          { id: 'a', force: true, condition: { id: { $inGroup: 'none' } }, seed: 's', clocks: ['world'] },
          { force: true, experiment: 'x' },
          {},
          { force: true, schedule: { from: 5, to: 5 } },
          { force: true, parentConditions: [{ id: 'gone', condition: { value: { $is: 1 } } }], clocks: ['live'] },
        ],
      }).map((each) => each.split(' ', 3).join(' ')),
      [
        'id must be',
        'clocks must name',
        'defaultValue must be',
        'rules.0.force must be',
        'rules.0.coverage must be',
        'rules.1.condition $inGroup asks',
        'rules.1.seed is for',
        'rules.1.clocks must be',
        'rules.2 must have',
        'rules.3 must have',
        'rules.4.schedule.to must be',
        'rules.5.clocks must be',
        'rules.5.parentConditions.0.id there is',
        'rules.5.parentConditions.0.condition $is is',
        'rules.1.id must be',
      ],
    )
    const values: [FlagDraft['type'], unknown, unknown][] = [
      ['boolean', true, 1],
      ['number', 0, '0'],
      ['string', '', null],
      ['json', [], 'text'],
    ]
    for (const [type, right, wrong] of values) {
      assert.deepEqual(faults({ type, defaultValue: right }), [])
      assert.match(faults({ type, defaultValue: wrong })[0]!, /^defaultValue must be/)
    }
  })

  it('refers to an experiment by a value for each of its variations', () => {
    const experiments = [created()]
    assert.deepEqual(faults({ rules: [{ experiment: 'x', values: { a: false, b: true } }] }, { experiments }), [])
    assert.deepEqual(
      faults({ rules: [{ experiment: 'x', coverage: 0.5, values: { a: 1, c: true } }] }, { experiments }).map(
        (each) => each.split(' ', 1)[0],
      ),
      ['rules.0.coverage', 'rules.0.values.a', 'rules.0.values.b', 'rules.0.values.c'],
    )
    assert.match(
      faults({ clocks: ['world'], rules: [{ experiment: 'x', values: {} }] }, { experiments })[0]!,
      /clock live/,
    )
    assert.match(faults({ rules: [{ experiment: 'y' }] }, { experiments })[0]!, /there is no experiment y/)
    const archived = [after_(created(), { action: 'archive' })]
    assert.match(faults({ rules: [{ experiment: 'x' }] }, { experiments: archived })[0]!, /or it is archived/)
  })

  it('may ask for the value of others, never for its own, however far around', () => {
    const flags = [flag({ id: 'a', rules: asks('b')! }, { flags: [flag({ id: 'b' })] }), flag({ id: 'b' })]
    assert.deepEqual(faults({ rules: asks('a')! }, { flags }), [])
    assert.match(faults({ rules: asks('f')! }, { flags })[0]!, /rules\.0\.parentConditions\.0\.id .*: f > f/)
    assert.match(faults({ id: 'b', rules: asks('a')! }, { flags })[0]!, /asks for a, and that .*: b > a > b/)
    assert.match(faults({ id: 'b', clocks: ['world'] }, { flags })[0]!, /clocks must have live: a asks/)
    assert.match(faults({ clocks: ['live', 'world'], rules: asks('b')! }, { flags })[0]!, /b on the clock world/)
    assert.deepEqual(faults({ rules: asks('x')! }, { experiments: [created()] }), [])
  })

  it('is changed, killed and archived, and an archived one stays', () => {
    const moment = { by: 'ada', at: 7 }
    const killed = actOn(flag(), 'kill', moment) as RegisteredFlag
    assert.deepEqual([killed.killed, killed.revision, killed.action, killed.by, killed.at], [true, 1, 'kill', 'ada', 7])
    const changed = change(killed, flag({ defaultValue: true }), moment) as RegisteredFlag
    assert.deepEqual([changed.killed, changed.defaultValue, changed.revision], [true, true, 2])
    assert.equal((actOn(changed, 'unkill', moment) as RegisteredFlag).killed, false)
    const archived = actOn(changed, 'archive', moment) as RegisteredFlag
    assert.equal(archived.state, 'archived')
    assert.deepEqual(actOn(archived, 'kill', moment), [
      { at: 'action', problem: 'kill is for what is active, and f is archived' },
    ])
  })

  it('is needed by those that ask for it, a group by those that name it', () => {
    const experiments = [created({ bucketing: { condition: { country: 'DE' } } })]
    const flags = [
      flag({ id: 'a', rules: asks('f')! }, { flags: [flag()] }),
      flag({ id: 'b', rules: [{ experiment: 'x', values: { a: true, b: true } }] }, { experiments }),
      flag(
        { id: 'c', rules: [{ force: true, condition: { $or: [{ id: { $notInGroup: 'g' } }] } }] },
        { groups: ['g'] },
      ),
    ]
    assert.deepEqual([flagsThatNeed('f', flags), flagsThatNeed('x', flags)], [['a'], ['b']])
    assert.deepEqual(usersOfGroup('g', flags, experiments), ['c'])
    assert.deepEqual(usersOfGroup('h', flags, experiments), [])
  })
})

it('a saved group keeps each value once, and not too many', () => {
  assert.deepEqual((readGroup({ id: 'g', values: ['a', 1, 'a'] }) as { values: unknown }).values, ['a', 1])
  const many = readGroup({ id: 'g', values: Array.from({ length: 10_001 }, (_, i) => i) })
  assert.deepEqual(Array.isArray(many) && many.map(({ at }: { at: string }) => at), ['values'])
})
