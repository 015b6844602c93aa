import { corsOf, type Cors } from '../../platform/http/index.ts'

/**
 * Pages that may send: those of these origins, with what producers send. `sendBeacon` always asks with credentials, and a
 * beacon with a JSON type would fail its preflight without them; the collector reads no cookie either way.
 */
export const collectorCors = (origins: readonly string[]): Cors =>
  corsOf({
    origins,
    request: ['content-type', 'content-encoding', 'authorization', 'x-ingest-key', 'x-sent-at', 'prefer'],
    expose: ['preference-applied'],
    credentials: true,
  })
