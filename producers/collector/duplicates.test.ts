import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DuplicateCache, FRESH, REUSED, SEEN, WAIT } from './duplicates.ts'

const idOf = (n: number): Buffer => {
  const id = Buffer.alloc(16, 7)
  id.writeUInt32BE(n, 2)
  return id
}

describe('the duplicate cache', () => {
  it('knows an id only once it is acknowledged', () => {
    const cache = new DuplicateCache(1_000)
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 1), FRESH)
    const { place } = cache
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 1), SEEN, 'twice in one request')
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 2), WAIT, 'in another request meanwhile')
    assert.equal(cache.owner, 1)
    cache.settle(place, 1, true)
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 2), SEEN)
  })

  it('forgets what the log lost: the resend is fresh', () => {
    const cache = new DuplicateCache(1_000)
    cache.meet(idOf(1), 0, 0, 5, 6, 1)
    cache.settle(cache.place, 1, false)
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 2), FRESH)
  })

  it('tells another payload under the same id from a resend, and another topic from both', () => {
    const cache = new DuplicateCache(1_000)
    cache.meet(idOf(1), 0, 0, 5, 6, 1)
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 7, 2), REUSED)
    assert.equal(cache.meet(idOf(1), 0, 1, 5, 7, 2), FRESH)
  })

  it('never calls a new id known, and never gives up one that is under way', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (ids, size) => {
        const cache = new DuplicateCache(size)
        const acknowledged = new Set<number>()
        const claimed = new Map<number, number>()
        ids.forEach((n, i) => {
          const meeting = cache.meet(idOf(n), 0, 0, n, n, i + 1)
          if (meeting === SEEN) assert.ok(acknowledged.has(n))
          if (meeting === WAIT) assert.equal(claimed.get(n), cache.owner)
          if (meeting !== FRESH) return
          assert.ok(!claimed.has(n), 'a second copy was sent while the first was under way')
          if (cache.place === -1) return
          if (i % 3 === 0) claimed.set(n, i + 1)
          else {
            cache.settle(cache.place, i + 1, true)
            acknowledged.add(n)
          }
        })
      }),
    )
  })

  it('has a fixed size and remembers about as many as it was told', () => {
    const cache = new DuplicateCache(200_000)
    assert.ok(cache.bytes < 200_000 * 38, `${cache.bytes} bytes`)
    for (let n = 0; n < 200_000; n++) {
      assert.equal(cache.meet(idOf(n), 0, 0, n, n, 1), FRESH)
      cache.settle(cache.place, 1, true)
    }
    // A sample: asking for a forgotten one claims its place anew.
    let known = 0
    for (let n = 0; n < 200_000; n += 200) if (cache.meet(idOf(n), 0, 0, n, n, 2) === SEEN) known++
    assert.ok(known > 900, `${known} of 1,000`)
  })

  it('may be switched off', () => {
    const cache = new DuplicateCache(0)
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 1), FRESH)
    cache.settle(cache.place, 1, true)
    assert.equal(cache.meet(idOf(1), 0, 0, 5, 6, 2), FRESH)
  })
})
