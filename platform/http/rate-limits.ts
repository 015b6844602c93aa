import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import { isLoopback } from './auth/auth.ts'
import { fail } from './errors.ts'
import type { HttpServer } from './edge.ts'

/** Maximum number of keys and addresses that are tracked. */
const MAX_NAMES = 10_000

/**
 * Limits the requests per minute of one key or token, or of one address without; 0 = no limit. Requests from this
 * machine are not limited. Registered before the routes it limits.
 */
export async function limitRates(app: HttpServer, perMinute: number): Promise<void> {
  if (perMinute === 0) return
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    cache: MAX_NAMES,
    keyGenerator: ({ principal, ip }) => (principal === undefined ? normalizeIP(ip) : `key ${principal.name}`),
    allowList: ({ ip }) => isLoopback(ip),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    errorResponseBuilder: (_, { max, ttl }) =>
      fail('HTTP_RATE', { limit: max, retryAfter: Math.max(1, Math.ceil(ttl / 1_000)) }),
  })
}
