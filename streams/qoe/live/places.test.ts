import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { MinutePlace } from '../definitions.ts'
import { keepMost } from './most.ts'
import { openPlaces, OTHERS, type Places } from './places.ts'

const place = (country: string, oca: string): MinutePlace => ({
  country,
  asn: 1,
  oca,
  device: 'tv',
  app_version: '1',
})
const enterAll = (places: Places, names: readonly string[]): void => {
  for (const name of names) places.enter(place('DE', name))
}
/** The name that an OCA is counted under. */
const nameOf = (places: Places, oca: string): string => places.enter(place('DE', oca)).cell.oca

describe('keepMost', () => {
  it('keeps all where they fit, and otherwise those that have more than the first that does not fit', () => {
    assert.equal(keepMost(new Map(Object.entries({ a: 1, b: 1 })), 2), undefined)
    assert.deepEqual(keepMost(new Map(Object.entries({ a: 5, b: 1, c: 3, d: 1 })), 2), new Set(['a', 'c']))
    assert.deepEqual(keepMost(new Map(Object.entries({ a: 5, b: 1, c: 1 })), 2), new Set(['a']))
  })

  it('is a function of the counts, whatever their order', () => {
    const counts = fc.dictionary(fc.string({ maxLength: 2 }), fc.integer({ min: 1, max: 5 }), { maxKeys: 12 })
    fc.assert(
      fc.property(counts, fc.nat(12), (values, limit) => {
        const entries = Object.entries(values)
        const kept = keepMost(new Map(entries), limit)
        assert.ok((kept?.size ?? entries.length) <= limit)
        assert.deepEqual(keepMost(new Map(entries.toReversed()), limit), kept)
      }),
    )
  })
})

describe('the places of a clock', () => {
  const limits = { values: 3, places: 100 }

  it('keep every value apart within the limit', () => {
    const places = openPlaces(limits)
    enterAll(places, ['a', 'b', 'c', 'a'])
    assert.equal(places.isBounded, false)
    assert.deepEqual([nameOf(places, 'b'), places.others().oca], ['b', 0])
  })

  it('sum the values beyond it under (others), and keep those with the most sessions', () => {
    const places = openPlaces(limits)
    const invented = Array.from({ length: 1_000 }, (_, i) => `x${i}`)
    enterAll(places, [...invented, ...'aaabb'])
    assert.equal(places.isBounded, true)
    places.choose(limits, [])
    assert.deepEqual(
      ['a', 'b', 'x0', 'new'].map((name) => nameOf(places, name)),
      ['a', 'b', OTHERS, OTHERS],
    )
    assert.deepEqual(places.others(), { country: 0, asn: 0, oca: 1_001, device: 0, app_version: 0 })
  })

  it('choose alike in any order of arrival', () => {
    const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 40 })
    fc.assert(
      fc.property(names, (all) => {
        const chosen = [all, all.toSorted(), all.toReversed()].map((order) => {
          const places = openPlaces(limits)
          enterAll(places, order)
          places.choose(limits, [])
          return all.map((name) => nameOf(places, name))
        })
        assert.deepEqual(chosen[1], chosen[0])
        assert.deepEqual(chosen[2], chosen[0])
      }),
    )
  })

  it('name each value again once they fit', () => {
    const places = openPlaces(limits)
    const entered = ['a', 'b', 'c', 'd', 'e'].map((name) => places.enter(place('DE', name)))
    places.choose(limits, [])
    assert.equal(nameOf(places, 'a'), OTHERS)
    for (const each of entered.slice(1)) places.leave(each)
    places.choose(limits, [])
    assert.deepEqual([nameOf(places, 'a'), places.isBounded], ['a', false])
  })

  it('limit combinations of values too: the rest is one place', () => {
    const places = openPlaces({ values: 100, places: 3 })
    for (let i = 0; i < 50; i++) places.enter(place(`c${i % 10}`, `o${i}`))
    for (let i = 0; i < 5; i++) places.enter(place('c0', 'o0'))
    places.choose({ values: 100, places: 3 }, [])
    assert.equal(places.enter(place('c0', 'o0')).cell.oca, 'o0')
    assert.equal(places.enter(place('c1', 'o1')).cell.country, OTHERS)
  })
})
