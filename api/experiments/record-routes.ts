import type { HttpServer } from '../../platform/http/index.ts'
import type { DecisionRecords } from './records.ts'
import { DecisionBody, DecisionParams, IdParams } from './schema.ts'

const READ = { scope: 'read', problems: [404] } as const

/** Decisions that fell, as records of what was shown. */
export function serveRecords(app: HttpServer, records: DecisionRecords): void {
  app.post(
    '/v1/experiments/:id/decisions',
    {
      config: { scope: 'write:experiments', problems: [403, 404, 409, 422, 503] },
      schema: {
        params: IdParams,
        body: DecisionBody,
        summary: 'Decide, and do it: what was shown is recorded for good, with its operation as one entry of the trail',
      },
    },
    async ({ params, body, principal }, reply) =>
      reply.code(201).send(await records.decide(params.id, body, principal)),
  )
  app.get(
    '/v1/experiments/:id/decisions',
    { config: READ, schema: { params: IdParams, summary: 'Decisions on an experiment, the latest first' } },
    (request) => records.list(request.params.id),
  )
  app.get(
    '/v1/experiments/:id/decisions/:number',
    {
      config: READ,
      schema: { params: DecisionParams, summary: 'One decision, with all that was shown and its SHA-256' },
    },
    (request) => records.one(request.params.id, request.params.number),
  )
  app.get(
    '/v1/experiments/:id/decisions/:number/reproduce',
    {
      config: READ,
      schema: {
        params: DecisionParams,
        summary: 'What was shown, computed again from the events that were there: the same byte for byte, or where not',
      },
    },
    (request) => records.reproduce(request.params.id, request.params.number),
  )
}
