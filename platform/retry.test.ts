import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Clock } from './clock.ts'
import { seeded } from './random.ts'
import { backoffMs, retry, type RetryOptions } from './retry.ts'

const BACKOFF = { firstMs: 100, maxMs: 5_000 }

/** A clock whose sleeps take no time; it notes them. */
function quickClock(): Clock & { readonly slept: number[] } {
  let now = 0
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    sleep: (ms, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
      slept.push(ms)
      now += ms
      return Promise.resolve()
    },
  }
}
/** Fails so often, then answers with the number of its attempt. */
const failing =
  (times: number) =>
  (attempt: number): Promise<number> =>
    attempt <= times ? Promise.reject(new Error(`attempt ${attempt}`)) : Promise.resolve(attempt)
const ports = (over: Partial<RetryOptions> = {}): RetryOptions & { readonly clock: ReturnType<typeof quickClock> } => ({
  random: seeded(1),
  ...over,
  clock: quickClock(),
})

describe('backoff', () => {
  it('is uniform below a ceiling that doubles up to its cap, whatever the attempt', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.nat(), (attempt, seed) => {
        const wait = backoffMs(BACKOFF, attempt, seeded(seed))
        assert.ok(wait >= 0 && wait < Math.min(5_000, 100 * 2 ** (attempt - 1)))
      }),
    ))

  it('uses the whole range: clients that failed together come back spread out', () => {
    const random = seeded(3)
    const waits = Array.from({ length: 4_000 }, () => backoffMs(BACKOFF, 4, random))
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    assert.ok(Math.abs(mean - 400) < 15, `mean ${mean} of [0, 800)`)
    assert.ok(Math.min(...waits) < 10 && Math.max(...waits) > 790)
  })
})

describe('retry', () => {
  it('goes on until it succeeds, waiting as the backoff says', async () => {
    const own = ports()
    assert.equal(await retry(failing(6), { backoff: BACKOFF }, own), 7)
    const random = seeded(1)
    assert.deepEqual(
      own.clock.slept,
      [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(BACKOFF, attempt, random)),
    )
  })

  it('gives up after so many attempts, with the last error', () =>
    assert.rejects(retry(failing(9), { backoff: BACKOFF, attempts: 3 }, ports()), /attempt 3/))

  it('gives up after so much time', async () => {
    const own = ports({ random: { next: () => 0.5 } })
    // Waits 50, 100, 200: at 350 ms the fourth failure is final.
    await assert.rejects(retry(failing(9), { backoff: BACKOFF, forMs: 350 }, own), /attempt 4/)
    assert.equal(own.clock.now(), 350)
  })

  it('does not repeat what the policy calls final', async () => {
    const own = ports()
    const retryable = (error: unknown): boolean => (error as Error).message !== 'attempt 2'
    await assert.rejects(retry(failing(9), { backoff: BACKOFF, retryable }, own), /attempt 2/)
    assert.equal(own.clock.slept.length, 1)
  })

  it('tells of each failure that is tried again', async () => {
    const told: string[] = []
    const onRetry = (error: unknown, attempt: number): void => void told.push(`${attempt}: ${(error as Error).message}`)
    await retry(failing(2), { backoff: BACKOFF }, ports({ onRetry }))
    assert.deepEqual(told, ['1: attempt 1', '2: attempt 2'])
  })

  it('ends with its signal: a wait at once, an attempt when it fails', async () => {
    const stopping = new AbortController()
    const onRetry = (): void => stopping.abort(new Error('stopping'))
    await assert.rejects(
      retry(failing(9), { backoff: BACKOFF }, { ...ports(), signal: stopping.signal, onRetry }),
      /stopping/,
    )
    await assert.rejects(retry(failing(9), { backoff: BACKOFF }, { ...ports(), signal: stopping.signal }), /attempt 1/)
  })
})
