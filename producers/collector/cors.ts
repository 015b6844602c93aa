/** Answers to browsers: which pages may send here. Nothing here depends on cookies. */
export interface Cors {
  /** False when the page may not send. */
  allows(origin: string): boolean
  /** Headers of every answer to a page. */
  headers(origin: string): Readonly<Record<string, string>>
}

/** Headers of the answer to a preflight, beside those of `headers`. */
export const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'content-type, content-encoding, authorization, x-ingest-key, x-sent-at',
  // Browsers cap it lower, Chromium at two hours.
  'access-control-max-age': '86400',
}

/**
 * `*` lets any page send, without credentials. Exact origins also get Allow-Credentials, since `sendBeacon` always asks
 * with credentials and a beacon with a JSON type would fail its preflight; the collector reads no cookie either way.
 */
export function corsOf(origins: readonly string[]): Cors {
  if (origins.includes('*'))
    return {
      allows: () => true,
      headers: () => ({ 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' }),
    }
  const exact = new Set(origins)
  return {
    allows: (origin) => exact.has(origin),
    headers: (origin) => ({
      vary: 'origin',
      ...(exact.has(origin) && {
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'retry-after',
      }),
    }),
  }
}
