import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compileCondition, slipsOf } from './condition.ts'

const OPERATORS = [
  '$and',
  '$or',
  '$nor',
  '$not',
  '$eq',
  '$ne',
  '$lt',
  '$gte',
  '$vgt',
  '$veq',
  '$in',
  '$nini',
  '$all',
  '$alli',
  '$size',
  '$elemMatch',
  '$exists',
  '$type',
  '$regex',
  '$regexi',
  '$inGroup',
  '$notInGroup',
  '$nobody',
]
const name = fc.oneof(fc.constantFrom(...OPERATORS, 'id', 'plan', 'a.b', '__proto__', 'toString'), fc.string())
const leaf = fc.oneof(
  fc.constantFrom(null, undefined, true, '', '1', 'pro', 5, 1n, Symbol.iterator, NaN),
  fc.string(),
  fc.double(),
)
const any = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3 }),
  ),
})).any

describe('a condition', () => {
  it('answers yes or no whatever it and the attributes are', () => {
    fc.assert(
      fc.property(any, any, any, (condition, groups, attributes) => {
        assert.equal(
          typeof compileCondition(
            { plan: condition, ...(typeof condition === 'object' ? condition : {}) },
            groups as never,
          )(attributes),
          'boolean',
        )
        assert.equal(typeof compileCondition(condition)(attributes), 'boolean')
      }),
      { numRuns: 2_000 },
    )
  })

  it('holds for nobody when it is ill-formed or too deep', () => {
    let deep: unknown = {}
    for (let i = 0; i < 100_000; i++) deep = { $and: [deep] }
    for (const condition of [
      null,
      undefined,
      5,
      'all',
      [],
      [{}],
      deep,
      { $and: [null] },
      { id: { $regex: '(' } },
      { id: { $nobody: 1 } },
    ])
      assert.equal(
        compileCondition(condition)({ id: '1' }),
        false,
        JSON.stringify(condition === deep ? 'deep' : condition),
      )
  })

  it('lets nobody in by a pattern that is refused, not even when it is negated', () => {
    for (const pattern of ['(?=1)', '(1)\\1', '(', 'a'.repeat(5_000)])
      for (const part of [{ $regex: pattern }, { $not: { $regex: pattern } }, { $regexi: pattern }])
        for (const condition of [{ id: part }, { $nor: [{ id: part }] }, { $or: [{ id: '1' }, { id: part }] }])
          assert.equal(compileCondition(condition)({ id: '1' }), false, JSON.stringify(condition).slice(0, 80))
    assert.match(slipsOf({ id: { $regex: '(?=1)' } }).join(), /looks ahead or behind/)
  })

  it('is not overturned by what every object inherits', () => {
    assert.equal(compileCondition({ toString: { $exists: true } })({}), false)
    assert.equal(compileCondition({ id: { $inGroup: 'constructor' } })({ id: '1' }), false)
    assert.equal(compileCondition({ id: '1' })({ id: { toString: 1 } }), false)
  })

  it('reads deep attributes without end', () => {
    let [deep, other]: unknown[] = [1, 1]
    for (let i = 0; i < 100_000; i++) [deep, other] = [[deep], [other]]
    for (const condition of [
      { id: other },
      { id: 'x' },
      { id: 5 },
      { id: [[1]] },
      { id: { $gt: 'x' } },
      { id: { $regex: 'x' } },
    ])
      assert.equal(compileCondition(condition)({ id: deep }), false)
  })
})
