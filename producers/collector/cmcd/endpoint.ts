import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Geo } from '../../../platform/geo/port.ts'
import type { IngestRequest } from '../admission.ts'
import type { Outcome } from '../delivery.ts'
import type { Endpoint } from '../endpoint.ts'
import { fail } from '../errors.ts'
import type { Pipeline } from '../pipeline.ts'
import { mediaType, NDJSON } from '../parse/body.ts'
import { OutcomeSchema } from '../schema.ts'
import { deviceOf } from './device.ts'
import { cmcdReading } from './read.ts'
import { requestReading } from './requests.ts'

/** `application/cmcd` is the standard's type, `text/cmcd` that of its drafts. */
const TYPES = ['application/cmcd', 'text/cmcd']

/** RFC 7240, 4.2: with this preference the answer states the outcome of each record, as /v1/events does. */
const OUTCOME = 'return=representation'
const wantsOutcome = (prefer: string | string[] | undefined): boolean =>
  [prefer ?? []]
    .flat()
    .join(',')
    .split(',')
    .some((part) => part.trim().toLowerCase() === OUTCOME)

/** By the standard it is 204, which says nothing about single records. */
const answer = (reply: FastifyReply, outcome: Outcome, { headers }: IngestRequest): FastifyReply =>
  wantsOutcome(headers['prefer'])
    ? reply.code(200).header('preference-applied', OUTCOME).send(outcome)
    : reply.code(204).send()

const SCHEMA = {
  description: `With the header \`Prefer: ${OUTCOME}\` the answer is 200 with the outcome of each record, otherwise 204.`,
  response: { 200: OutcomeSchema, 204: Type.Null({ description: 'All acceptable records are in the log.' }) },
}

/** Throws COLLECTOR_MEDIA_TYPE. */
function requireType(accepted: readonly string[], contentType: string | undefined): void {
  const type = mediaType(contentType)
  if (!accepted.includes(type)) throw fail('COLLECTOR_MEDIA_TYPE', { type: type.slice(0, 100) })
}

/** Endpoint for records of event mode, which players send. */
export function cmcdEndpoint(telemetry: Pipeline, geo: Geo, closedSessions: readonly string[]): Endpoint {
  const reading = cmcdReading(new Set(closedSessions))
  return {
    url: '/v1/cmcd',
    schema: { ...SCHEMA, summary: 'CMCD records of event mode, one a line' },
    accepts: TYPES,
    problems: [410],
    pipelineOf: () => telemetry,
    readingOf(contentType) {
      requireType(TYPES, contentType)
      return reading
    },
    // Looked up here because the address is available here; it is not passed on.
    seen: ({ ip, headers }) => ({
      country: geo.country(ip),
      asn: geo.asn(ip),
      device: deviceOf(headers['user-agent']),
    }),
    answer,
  }
}

/** Endpoint for request mode: lines of the request log of an appliance, whose players wrote CMCD into their requests. */
export const requestsEndpoint = (requests: Pipeline): Endpoint => ({
  url: '/v1/cmcd/requests',
  schema: { ...SCHEMA, summary: 'Request log of an appliance, one JSON object a line, with CMCD of request mode' },
  accepts: NDJSON,
  pipelineOf: () => requests,
  readingOf(contentType) {
    requireType(NDJSON, contentType)
    return requestReading
  },
  answer,
})
