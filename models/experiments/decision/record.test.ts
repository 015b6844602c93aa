import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { canonical, differencesOf, fingerprint, type DecisionRecord } from './record.ts'
import { isIntact } from './stored.ts'

/** The same value with its keys in another order. */
const turned = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(turned)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, part]) => [key, turned(part)]),
        )
      : value

describe('records of decisions', () => {
  it('are bytes that depend on the value alone', () => {
    assert.equal(canonical({ b: [{ d: 1, c: -0 }], a: null }), '{"a":null,"b":[{"c":0,"d":1}]}')
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(canonical(turned(value)), canonical(value))
        assert.equal(canonical(JSON.parse(canonical(value))), canonical(value))
        assert.deepEqual(differencesOf(value, turned(value)), [])
      }),
    )
  })

  it('differ where anything does, by its place', () => {
    const cell = { metric: 'plays', relative: { effect: 0.1, interval: [0, 0.2] } }
    const other = { metric: 'plays', relative: { effect: 0.1, interval: [0, 0.3] } }
    assert.deepEqual(differencesOf({ cells: [cell] }, { cells: [other] }), [
      { at: 'cells.0.relative.interval.1', recorded: 0.2, found: 0.3 },
    ])
    assert.deepEqual(differencesOf({ cells: [cell] }, { cells: [] }), [{ at: 'cells.0', recorded: cell, found: null }])
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) =>
        assert.equal(differencesOf(a, b).length > 0, canonical(a) !== canonical(b)),
      ),
    )
  })

  it('are a chain: one that was changed or left out is noticed by the next', () => {
    const record = (number: number, previous: string, note = ''): DecisionRecord =>
      ({ experiment: 'x', number, previous, note }) as DecisionRecord
    const [first, changed] = [record(1, ''), record(1, '', 'changed')]
    const second = record(2, fingerprint(first))
    const stored = (each: DecisionRecord) => ({ sha256: fingerprint(each), record: each })
    assert.ok(isIntact(stored(first), undefined) && isIntact(stored(second), stored(first)))
    assert.equal(isIntact({ ...stored(first), record: changed }, undefined), false)
    assert.equal(isIntact(stored(second), stored(changed)), false)
    assert.equal(isIntact(stored(second), undefined), false)
  })
})
