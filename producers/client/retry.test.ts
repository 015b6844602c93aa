import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { seeded } from '../../platform/random.ts'
import { readAnswer } from './answer.ts'
import { backoffMs, isRetryable, retryAfterMs } from './retry.ts'
import { LatencyHistogram } from './stats.ts'

describe('retry', () => {
  it('repeats exactly 429, 502, 503 and 504', () => {
    const statuses = Array.from({ length: 500 }, (_, i) => i + 100)
    assert.deepEqual(statuses.filter(isRetryable), [429, 502, 503, 504])
  })

  it('backs off with full jitter under a doubling ceiling, never before Retry-After', () => {
    const random = seeded(1)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat(60_000), (attempt, asked) => {
        const wait = backoffMs(attempt, random, asked)
        assert.ok(wait >= asked && wait < asked + Math.min(5_000, 100 * 2 ** (attempt - 1)))
      }),
    )
    const waits = Array.from({ length: 2_000 }, () => backoffMs(6, random))
    assert.ok(Math.min(...waits) < 50 && Math.max(...waits) > 3_100)
  })

  it('reads Retry-After as seconds or as a date, and takes nonsense for nothing', () => {
    const now = Date.parse('Thu, 01 Oct 2026 00:00:00 GMT')
    assert.equal(retryAfterMs('2', now), 2_000)
    assert.equal(retryAfterMs(['3', '9'], now), 3_000)
    assert.equal(retryAfterMs('Thu, 01 Oct 2026 00:00:05 GMT', now), 5_000)
    assert.equal(retryAfterMs('Wed, 30 Sep 2026 00:00:05 GMT', now), 0)
    assert.equal(retryAfterMs('99999999', now), 60_000)
    for (const nothing of [undefined, '', 'soon']) assert.equal(retryAfterMs(nothing, now), 0)
  })
})

describe('answer', () => {
  it('counts only when every event is accounted for once', () => {
    const read = (answer: unknown): unknown => readAnswer(JSON.stringify(answer), 3)
    assert.deepEqual(read({ accepted: 1, duplicates: 1, rejected: [{ index: 2, code: 'X' }] }), {
      accepted: 1,
      duplicates: 1,
      rejected: [{ index: 2, code: 'X' }],
    })
    assert.deepEqual(read({ accepted: 3 }), { accepted: 3, duplicates: 0, rejected: [] })
    const wrong = [
      null,
      {},
      3,
      { accepted: 2 },
      { accepted: 4 },
      { accepted: -1, duplicates: 4 },
      { accepted: 1.5, duplicates: 1.5 },
      { accepted: 2, rejected: [{ index: 3, code: 'X' }] },
      { accepted: 2, rejected: [{ index: 0 }] },
      {
        accepted: 1,
        rejected: [
          { index: 0, code: 'X' },
          { index: 0, code: 'X' },
        ],
      },
    ]
    for (const answer of wrong) assert.equal(read(answer), undefined, JSON.stringify(answer))
    assert.equal(readAnswer('<html>', 3), undefined)
  })
})

describe('latency histogram', () => {
  it('answers any quantile within a sixteenth of an octave', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.99, 1),
        (list, q) => {
          const histogram = new LatencyHistogram()
          for (const ms of list) histogram.record(ms)
          const exact = list.toSorted((a, b) => a - b)[Math.ceil(list.length * q) - 1]!
          const answer = histogram.quantile(q)
          assert.ok(answer >= exact && answer <= exact * 2 ** (1 / 16) + 1, `${answer} for ${exact}`)
        },
      ),
    )
    assert.equal(new LatencyHistogram().quantile(0.99), 0)
  })
})
