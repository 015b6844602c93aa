import type { Random } from '../../platform/random.ts'
import { backoffMs as jittered } from '../../platform/retry.ts'

/** When and how long to wait before a request is made again; pure. */

/** The OTLP rule: only these say that the very same request may succeed later. */
export const isRetryable = (status: number): boolean =>
  status === 429 || status === 502 || status === 503 || status === 504

const BACKOFF = { firstMs: 100, maxMs: 5_000 }
/** A server that asks for more is taken at this: a wrong header must not silence a client for a day. */
const MAX_RETRY_AFTER_MS = 60_000

/**
 * Ms to wait after failed attempt number `attempt` (from 1): uniform in [0, min(5 s, 100 ms × 2^(attempt-1))).
 * What `Retry-After` asked for is waited whole, and jitter comes on top, so that clients that were told the same do not
 * return as one.
 */
export const backoffMs = (attempt: number, random: Random, retryAfterMs = 0): number =>
  retryAfterMs + jittered(BACKOFF, attempt, random)

/** `Retry-After` as ms from `now`: seconds or an HTTP date (RFC 9110 10.2.3); 0 when absent or unreadable. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  const value = (Array.isArray(header) ? header[0] : header)?.trim() ?? ''
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now
  return Number.isNaN(wait) ? 0 : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, wait))
}
