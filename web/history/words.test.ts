import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { figure, RATIO, view } from './testing.ts'
import { readViews, withView } from './views.ts'
import { difference, headline, impactText } from './words.ts'

describe('words', () => {
  it('tell what it is, what changed, and what worsens it', () => {
    const worst = { dimensions: { country: 'BR' }, now: figure(0.0759), before: undefined, impact: 0.0145 }
    assert.equal(
      headline(RATIO, view, { now: figure(0.0208), before: undefined }, worst),
      'Rebuffer ratio: 2.08 % in 100 sessions; BR worsens it most (7.59 %)',
    )
    const none = { ...worst, now: figure(0), impact: 0 }
    assert.equal(
      headline(RATIO, view, { now: figure(0), before: undefined }, none),
      'Rebuffer ratio: 0.00 % in 100 sessions',
      'nothing worsens what is 0',
    )
    assert.equal(
      headline(
        RATIO,
        { ...view, before: 5, filters: ['country:DE', 'country:'] },
        { now: figure(0.0208), before: figure(0.01) },
        undefined,
      ),
      'Rebuffer ratio of country DE or unknown: 2.08 % in 100 sessions; +1.1 points (+108 %) against 1.00 %',
    )
    assert.equal(
      headline(RATIO, view, { now: undefined, before: undefined }, worst),
      'Rebuffer ratio: no data in this period',
    )
  })

  it('write a difference that is small as what it is', () => {
    const apart = (a: number, b: number, unit: string): string =>
      difference({ now: figure(a), before: figure(b) }, unit)
    assert.deepEqual(
      [
        apart(1_003, 1_000, 'ms'),
        apart(0.0104, 0.01, 'ratio'),
        apart(3_500, 4_000, 'kbit/s'),
        apart(2, 2, 'count'),
        apart(1, 0, 'count'),
      ],
      ['+3 ms (+0.3 %)', '+0.04 points (+4 %)', '−0.50 Mbit/s (−13 %)', 'the same', '+1'],
    )
    assert.equal(impactText(-0.0048, 'ratio'), '−0.48 points')
  })
})

describe('saved views', () => {
  it('are read from whatever was kept', () => {
    assert.deepEqual([null, '', 'rubbish', '{}', '[null,{"name":1},{"name":"a","query":"?b"}]'].map(readViews), [
      [],
      [],
      [],
      [],
      [{ name: 'a', query: '?b' }],
    ])
  })

  it('have one name each, in order', () => {
    const [b, a] = [
      { name: 'b', query: '?1' },
      { name: 'a', query: '?2' },
    ]
    assert.deepEqual(withView([b], a), [a, b])
    assert.deepEqual(withView([a, b], { name: 'b', query: '?3' }), [a, { name: 'b', query: '?3' }])
  })
})
