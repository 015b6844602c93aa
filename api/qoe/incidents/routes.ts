import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  ByBody,
  IncidentAnswer,
  IncidentParams,
  IncidentsAnswer,
  IncidentsQuery,
  MuteBody,
  type IncidentsQuestion,
  type MuteOrder,
} from './schema.ts'
import type { IncidentService } from './service.ts'

/** Incidents of playback quality: what is wrong, since when, why, and for whom; and what operators say of them. */
export function serveIncidents(app: FastifyInstance, incidents: IncidentService): void {
  app.get(
    '/v1/qoe/incidents',
    {
      schema: {
        querystring: IncidentsQuery,
        response: { 200: IncidentsAnswer },
        summary: 'Incidents of a clock, newest first',
      },
    },
    (request) => incidents.list(request.query as IncidentsQuestion),
  )
  const one = { params: IncidentParams, response: { 200: IncidentAnswer } }
  app.get(
    '/v1/qoe/incidents/:id',
    {
      schema: { ...one, summary: 'One incident: evidence, ranked causes, and the questions that lead to its sessions' },
    },
    (request) => incidents.one(idOf(request)),
  )
  app.post(
    '/v1/qoe/incidents/:id/acknowledge',
    {
      schema: { ...one, body: ByBody, summary: 'Somebody looks after it; the first to say so stands' },
    },
    (request) => incidents.act(idOf(request), { kind: 'acknowledge', ...(request.body as { by: string }) }),
  )
  app.post(
    '/v1/qoe/incidents/:id/mute',
    {
      schema: { ...one, body: MuteBody, summary: 'Nobody is told of it until then' },
    },
    (request) => incidents.act(idOf(request), { kind: 'mute', ...(request.body as MuteOrder) }),
  )
  app.post(
    '/v1/qoe/incidents/:id/unmute',
    {
      schema: { ...one, body: ByBody, summary: 'It is told of again' },
    },
    (request) => incidents.act(idOf(request), { kind: 'unmute', ...(request.body as { by: string }) }),
  )
}

const idOf = ({ params }: FastifyRequest): string => (params as { id: string }).id
