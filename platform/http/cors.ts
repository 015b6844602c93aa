/** CORS policy: which pages of other origins may call the server. Nothing here depends on cookies. */
export interface Cors {
  /** Returns false if the page may not call the server. */
  allows(origin: string): boolean
  /** Header fields of every answer to a page; empty for programs, which send no origin. */
  headers(origin: string | undefined): Readonly<Record<string, string>>
  /** Additional header fields of the answer to a preflight. */
  preflight(methods: string): Readonly<Record<string, string>>
}

export interface CorsOptions {
  /** Exact origins; `*` for any. */
  readonly origins: readonly string[]
  /** Header fields that a page may send. */
  readonly request: readonly string[]
  /** Header fields that a page may read, in addition to Retry-After. */
  readonly expose?: readonly string[]
  /** `sendBeacon` always sends credentials: without this, a beacon with a JSON type fails its preflight. */
  readonly credentials?: boolean
}

/**
 * Headers by which tracing libraries mark every request of a page, allowed everywhere: a browser would not send a
 * request with one that is not. Source: W3C Trace Context and Baggage, Zipkin B3, and the vendors' own.
 */
const TRACING = [
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  ...['traceid', 'spanid', 'parentspanid', 'sampled', 'flags'].map((name) => `x-b3-${name}`),
  'x-request-id',
  'x-correlation-id',
  'request-id',
  'request-context',
  'sentry-trace',
  'newrelic',
  'elastic-apm-traceparent',
  'uber-trace-id',
  'x-amzn-trace-id',
  'x-cloud-trace-context',
  ...['trace-id', 'parent-id', 'origin', 'sampling-priority', 'tags'].map((name) => `x-datadog-${name}`),
]
/** Browsers apply a lower limit, Chromium two hours. */
const MAX_AGE_S = '86400'
const NONE: Readonly<Record<string, string>> = {}

/** `*` allows any page, without credentials; exact origins are echoed to the page that sent them. */
export function corsOf({ origins, request, expose = [], credentials = false }: CorsOptions): Cors {
  const exposed = { 'access-control-expose-headers': ['retry-after', ...expose].join(', ') }
  const preflight = (methods: string): Record<string, string> => ({
    'access-control-allow-methods': methods,
    'access-control-allow-headers': [...request, ...TRACING].join(', '),
    'access-control-max-age': MAX_AGE_S,
  })
  if (origins.includes('*')) {
    const any = { 'access-control-allow-origin': '*', ...exposed }
    return { allows: () => true, headers: (origin) => (origin === undefined ? NONE : any), preflight }
  }
  const exact = new Set(origins)
  return {
    allows: (origin) => exact.has(origin),
    headers(origin) {
      if (origin === undefined) return NONE
      if (!exact.has(origin)) return { vary: 'origin' }
      return {
        vary: 'origin',
        'access-control-allow-origin': origin,
        ...(credentials && { 'access-control-allow-credentials': 'true' }),
        ...exposed,
      }
    },
    preflight,
  }
}

/** For routes that pages of any origin may read. */
export const anyOrigin = corsOf({ origins: ['*'], request: ['content-type'], expose: ['x-sse-support'] })
