import type { Geo } from '../../../platform/geo/port.ts'
import type { Endpoint } from '../endpoint.ts'
import { fail } from '../errors.ts'
import type { Pipeline } from '../pipeline.ts'
import { deviceOf } from './device.ts'
import { cmcdReading } from './read.ts'

/** `application/cmcd` is the standard's type, `text/cmcd` that of its drafts. */
const TYPES: ReadonlySet<string> = new Set(['application/cmcd', 'text/cmcd'])

/** RFC 7240, 4.2: with this preference the answer states the outcome of each record, as /v1/events does. */
const OUTCOME = 'return=representation'
const wantsOutcome = (prefer: string | string[] | undefined): boolean =>
  [prefer ?? []]
    .flat()
    .join(',')
    .split(',')
    .some((part) => part.trim().toLowerCase() === OUTCOME)

/** Endpoint for CMCD records of players. By the standard it answers 204, which says nothing about single records. */
export function cmcdEndpoint(telemetry: Pipeline, geo: Geo, closedSessions: readonly string[]): Endpoint {
  const reading = cmcdReading(new Set(closedSessions))
  return {
    url: '/v1/cmcd',
    pipelineOf: () => telemetry,
    readingOf(contentType) {
      const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase()
      if (!TYPES.has(type)) throw fail('COLLECTOR_MEDIA_TYPE', { type: type.slice(0, 100) })
      return reading
    },
    // Looked up here because the address is available here; it is not passed on.
    seen: ({ ip, headers }) => ({
      country: geo.country(ip),
      asn: geo.asn(ip),
      device: deviceOf(headers['user-agent']),
    }),
    answer: (reply, outcome, { headers }) =>
      wantsOutcome(headers['prefer'])
        ? reply.code(200).header('preference-applied', OUTCOME).send(outcome)
        : reply.code(204).send(),
  }
}
