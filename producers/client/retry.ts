import type { Random } from '../../platform/random.ts'
import { backoffMs as jittered } from '../../platform/retry.ts'

/** When a request is retried, and after what delay; pure. */

/** The OTLP rule: only these statuses mean that the same request may succeed later. */
export const isRetryable = (status: number): boolean =>
  status === 429 || status === 502 || status === 503 || status === 504

const BACKOFF = { firstMs: 100, maxMs: 5_000 }
/** Maximum `Retry-After` that is honoured: a wrong header must not stop a client for a day. */
const MAX_RETRY_AFTER_MS = 60_000

/**
 * Delay after failed attempt number `attempt` (from 1), ms: uniform in [0, min(5 s, 100 ms × 2^(attempt-1))). The time
 * that `Retry-After` asks for is waited in full and the jitter is added to it, so that clients with the same header do
 * not return at the same time.
 */
export const backoffMs = (attempt: number, random: Random, retryAfterMs = 0): number =>
  retryAfterMs + jittered(BACKOFF, attempt, random)

/** `Retry-After` as ms from `now`: seconds or an HTTP date (RFC 9110 10.2.3); 0 if absent or unreadable. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  const value = (Array.isArray(header) ? header[0] : header)?.trim() ?? ''
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now
  return Number.isNaN(wait) ? 0 : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, wait))
}
