import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Evaluation, Flag, Rule } from './types.ts'
import {
  changes,
  editable,
  headline,
  listHeadline,
  listRow,
  ruleRows,
  trailRows,
  triedWords,
  when,
  whom,
} from './view.ts'

const flag = (over: Partial<Flag> = {}): Flag => ({
  ...{ id: 'player', description: '', clocks: ['live'], type: 'boolean', defaultValue: false, rules: [] },
  ...{ state: 'active', killed: false, revision: 3, action: 'change', by: 'ada', at: 0 },
  ...over,
})
const rule = (over: Partial<Rule> = {}): Rule => ({ id: 'r', force: true, ...over })
const textOf = (cell: string | { readonly text: string }): string => (typeof cell === 'string' ? cell : cell.text)

describe('the page of flags', () => {
  it('says what to do about all of them', () => {
    assert.equal(listHeadline([]), 'No flag yet: create the first one')
    assert.equal(listHeadline([flag()]), 'Nothing to do: one flag is served')
    assert.match(listHeadline([flag({ killed: true }), flag()]), /^“player” is killed: mend/)
    assert.match(listHeadline([flag({ killed: true }), flag({ killed: true })]), /^2 flags are killed/)
    assert.equal(listHeadline([flag({ state: 'archived', killed: true })]), 'No flag yet: create the first one')
    assert.deepEqual(
      listRow(flag({ killed: true }))
        .slice(1, 4)
        .map(textOf),
      ['killed', 'false', 'none'],
    )
  })

  it('says who gets what of one, and what to do', () => {
    const words = (over: Partial<Flag>): string => headline(flag(over), 100)
    assert.match(words({}), /^Everybody gets false: add a rule/)
    assert.match(words({ rules: [rule({ schedule: { to: 100 } })] }), /^Everybody gets false/)
    assert.match(words({ rules: [rule()] }), /^Everybody gets true: if that is final/)
    assert.equal(words({ rules: [rule({ coverage: 0.1 })] }), 'One rule decides; who meets none gets false')
    assert.match(words({ rules: [rule({ schedule: { from: 101 } }), rule()] }), /^The first of 2 rules/)
    assert.match(words({ killed: true }), /^Killed: everybody gets false until/)
    assert.match(words({ state: 'archived' }), /archived/)
  })

  it('puts rules into words', () => {
    assert.equal(whom(rule()), 'everybody')
    assert.equal(
      whom(rule({ coverage: 0.1, hashAttribute: 'device', clocks: ['live'] })),
      '10.0 % of everybody, by device, on live',
    )
    assert.equal(
      whom(rule({ condition: { country: { $in: ['DE', 'FR'] }, id: { $inGroup: 'staff' }, age: 3 } })),
      'units where country is one of DE, FR and id is in the group staff and age is 3',
    )
    assert.equal(whom(rule({ condition: { $or: [{ a: 1 }] } })), 'units where $or [{"a":1}]')
    assert.equal(
      whom(rule({ parentConditions: [{ id: 'other', condition: { value: true } }] })),
      'units where other is true',
    )
    assert.equal(whom({ id: 'r', experiment: 'x', values: {} }), 'units of the experiment x')
    const schedule = { from: 100, to: 200 }
    assert.deepEqual(
      [99, 100, 200].map((now) => when(rule({ schedule }), now).text.split(':')[0]),
      ['not yet', 'in force', 'over'],
    )
  })

  it('shows which rule decides for a unit, and why others do not', () => {
    const tried: Evaluation = {
      ...{ flag: 'player', revision: 3, clock: 'live', at: 0, value: true, source: 'force', rule: 'b' },
      ...{ experiment: null, variation: null },
      steps: [
        { rule: 'a', outcome: 'passed over', because: 'share' },
        { rule: 'b', outcome: 'decided', because: null },
      ],
    }
    const rows = ruleRows(flag({ rules: [rule({ id: 'a' }), rule({ id: 'b' })] }), 0, tried)
    assert.deepEqual(
      rows.map((row) => textOf(row.at(-1)!)),
      ['passed over: not in the share', 'decides', ''],
    )
    assert.match(triedWords(tried), /^It gets true on live, .*: rule b decides$/)
    assert.match(triedWords({ ...tried, rule: '', source: 'defaultValue' }), /no rule decides$/)
    assert.match(triedWords({ ...tried, experiment: 'x', variation: 'big' }), /variation big of the experiment x$/)
    assert.equal(triedWords({ ...tried, source: 'unknownFeature' }), 'Nothing: the flag is not served on live')
  })

  it('says before a change what it does', () => {
    const before = flag({ rules: [rule({ id: 'a', coverage: 0.1 }), rule({ id: 'b' })] })
    const after = flag({ defaultValue: true, rules: [rule({ id: 'a', coverage: 0.5 }), rule({ id: 'c' })] })
    assert.deepEqual(changes(before, after), [
      'rule a: true to 50.0 % of everybody, by id, before true to 10.0 % of everybody, by id.',
      'No rule b any more: true to everybody.',
      'the default: true, before false.',
      'New rule c: true to everybody.',
    ])
    assert.deepEqual(changes(before, flag({ rules: before.rules.toReversed() })), [
      'Rules are asked in another order: b, a.',
    ])
    const { description, clocks, defaultValue, rules } = before
    assert.deepEqual(JSON.parse(editable(before)), { description, clocks, defaultValue, rules })
    assert.deepEqual(JSON.parse(editable(flag({ tags: ['a'] }))).rules, [])
    assert.deepEqual(changes(before, before), ['Nobody gets another value.'])
    assert.deepEqual(
      trailRows([flag({ action: 'create' }), before]).map(([action]) => textOf(action!)),
      ['change', 'create'],
    )
  })
})
