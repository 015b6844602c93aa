import { corsOf, type Cors } from '../../platform/http/index.ts'

/**
 * CORS rules: the origins whose pages may send, with the headers that producers use. `sendBeacon` always sends
 * credentials, and without `credentials` a beacon with a JSON type would fail its preflight; the collector reads no
 * cookies in any case.
 */
export const collectorCors = (origins: readonly string[]): Cors =>
  corsOf({
    origins,
    request: ['content-type', 'content-encoding', 'authorization', 'x-ingest-key', 'x-sent-at', 'prefer'],
    expose: ['preference-applied'],
    credentials: true,
  })
