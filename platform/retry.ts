import { systemClock, type Clock } from './clock.ts'
import { unpredictable, type Random } from './random.ts'

/** Backoff between attempts: the ceiling doubles from `firstMs` to `maxMs`. */
export interface Backoff {
  readonly firstMs: number
  readonly maxMs: number
}

/**
 * Wait after failed attempt number `attempt` (from 1), ms: full jitter, uniform in [0, ceiling). Pure. Jitter keeps
 * clients that failed together from retrying together. Source: Brooker, "Exponential Backoff And Jitter" (AWS
 * Architecture Blog, 2015).
 */
export const backoffMs = ({ firstMs, maxMs }: Backoff, attempt: number, random: Pick<Random, 'next'>): number =>
  random.next() * Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30))

/** What is retried, and for how long. Without `attempts` and `forMs`: until it succeeds or is aborted. */
export interface RetryPolicy {
  readonly backoff: Backoff
  /** Total number of attempts. */
  readonly attempts?: number
  /** A failure is final once this time since the first attempt has passed, ms. */
  readonly forMs?: number
  /** Returns whether the error is transient; the default is that every error is. */
  readonly retryable?: (error: unknown) => boolean
}

export interface RetryOptions {
  readonly clock?: Clock
  readonly random?: Pick<Random, 'next'>
  /** Ends a wait at once with the signal's reason; no further attempt is made. A running attempt is not interrupted. */
  readonly signal?: AbortSignal | undefined
  /** Called before each wait. */
  readonly onRetry?: (error: unknown, attempt: number) => void
}

/** Process-wide randomness, for callers that need no determinism. */
export const jitter: Pick<Random, 'next'> = unpredictable()

/** Resolves with the first successful result of `work`; rejects with its last error when the policy gives up. */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  policy: RetryPolicy,
  { clock = systemClock, random = jitter, signal, onRetry }: RetryOptions = {},
): Promise<T> {
  const { backoff, attempts = Infinity, forMs = Infinity, retryable } = policy
  const started = clock.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt)
    } catch (error) {
      const isFinal = retryable?.(error) === false || attempt >= attempts || clock.now() - started >= forMs
      if (isFinal || signal?.aborted === true) throw error
      onRetry?.(error, attempt)
      await clock.sleep(backoffMs(backoff, attempt, random), signal)
    }
  }
}
