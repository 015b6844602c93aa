import { errorTable, type PlayloopError } from '../../platform/errors.ts'
import type { Words } from '../../platform/http/index.ts'

const RESEND = 'send the same request again after Retry-After seconds, with jitter: event ids make a resend harmless'

/** Errors that refuse a whole request. Faults of single events are values: see faults.ts. */
export const fail = errorTable({
  COLLECTOR_TOPIC_UNKNOWN: {
    status: 404,
    message: "there is no topic '{topic}' to send to",
    next: 'send to one of {topics}',
  },
  COLLECTOR_ROUTE_UNKNOWN: {
    status: 404,
    message: 'nothing is served at {path}',
    next: 'POST events to /v1/events/{topic}, CMCD to /v1/cmcd, lines of a request log to /v1/cmcd/requests',
  },
  COLLECTOR_METHOD: {
    status: 405,
    message: '{method} is not how events are sent',
    next: 'POST them as NDJSON, a JSON array, Avro or CMCD; see producers/collector/README.md',
  },
  COLLECTOR_UNPARSEABLE: {
    status: 400,
    message: 'the body as a whole cannot be read: {problem}',
    next: 'nothing was taken; mend the body, do not resend it as it is',
  },
  COLLECTOR_GZIP: {
    status: 400,
    message: 'the body is not gzip although Content-Encoding says so: {problem}',
    next: 'nothing was taken; compress it again, or leave Content-Encoding out',
  },
  COLLECTOR_TOO_LARGE: {
    status: 413,
    message: 'the body is larger than {limit} bytes{when}',
    next: 'send it in smaller batches',
  },
  COLLECTOR_TOO_MANY: {
    status: 413,
    message: 'the request holds more than {limit} events',
    next: 'send them in smaller batches',
  },
  COLLECTOR_MEDIA_TYPE: {
    status: 415,
    message: "'{type}' is not a form that events are taken in",
    next: 'use application/x-ndjson, application/json, text/plain (JSON inside) or application/vnd.playloop.avro; at /v1/cmcd application/cmcd, at /v1/cmcd/requests application/x-ndjson',
  },
  COLLECTOR_ENCODING: {
    status: 415,
    message: "Content-Encoding '{encoding}' is not supported",
    next: 'use gzip or none',
  },
  COLLECTOR_KEY_WANTED: {
    status: 401,
    message: 'an ingest key is wanted, and the one given is not known',
    next: 'send Authorization: Bearer KEY, X-Ingest-Key: KEY, or ?key=KEY from a beacon',
  },
  COLLECTOR_KEY_SCOPE: {
    status: 403,
    message: "this ingest key may not write to '{topic}'",
    next: 'use a key whose scope names the topic',
  },
  COLLECTOR_KEY_TOPIC: {
    status: 500,
    message: "an ingest key is limited to '{topic}', which producers cannot write",
    next: 'mend PLAYLOOP_INGEST_KEYS: KEY, or KEY@topic+topic with topics of schemas/topics.ts',
  },
  COLLECTOR_ORIGIN: {
    status: 403,
    message: "pages of '{origin}' may not send here",
    next: 'add the exact origin to PLAYLOOP_CORS_ORIGINS',
  },
  COLLECTOR_RATE: {
    status: 429,
    message: 'this key sends more than {limit} events a second',
    next: 'wait for Retry-After seconds, then send the same request again',
  },
  COLLECTOR_SHARE: {
    status: 429,
    message: 'this sender holds its share of the memory for bodies that are arriving',
    next: 'wait for Retry-After seconds, then send the same request again, with fewer requests at once',
  },
  COLLECTOR_SLOW: {
    status: 408,
    message: 'the body did not arrive fast enough',
    next: 'send the same request again in one go, at 1 KB a second or faster; the connection is closed',
  },
  COLLECTOR_SESSION_CLOSED: {
    status: 410,
    message: 'the sessions of these records were closed',
    next: 'send nothing more of these session ids; others are taken',
  },
  COLLECTOR_OVERLOADED: {
    status: 503,
    message: 'more than {limit} bytes wait to be acknowledged',
    next: RESEND,
  },
  COLLECTOR_LOG_UNAVAILABLE: {
    status: 503,
    message: 'the log did not acknowledge the events',
    next: RESEND,
  },
  COLLECTOR_DRAINING: {
    status: 503,
    message: 'this collector is shutting down',
    next: RESEND,
  },
  COLLECTOR_INTERNAL: {
    status: 500,
    message: 'the collector failed on this request',
    next: 'report it with the time of the request; the log of the collector has the cause',
  },
})

/** The collector's codes for refusals that all servers share. */
export const words: Words = {
  HTTP_NOT_FOUND: (details, cause) => fail('COLLECTOR_ROUTE_UNKNOWN', details, cause),
  HTTP_METHOD: (details, cause) => fail('COLLECTOR_METHOD', details, cause),
  HTTP_INVALID: (details, cause) => fail('COLLECTOR_UNPARSEABLE', details, cause),
  HTTP_BODY_TOO_LARGE: (details, cause) => fail('COLLECTOR_TOO_LARGE', { ...details, when: '' }, cause),
  HTTP_MEDIA_TYPE: (details, cause) => fail('COLLECTOR_MEDIA_TYPE', details, cause),
  HTTP_INTERNAL: (details, cause) => fail('COLLECTOR_INTERNAL', details, cause),
}

/** Seconds after which a refused request may be sent again; undefined if that would not help. */
export function retryAfter({ code, status, details }: PlayloopError): number | undefined {
  if (typeof details['retryAfter'] === 'number') return details['retryAfter']
  if (status !== 503) return undefined
  return code === 'COLLECTOR_LOG_UNAVAILABLE' ? 2 : 1
}
