import type { HttpServer } from '../../../platform/http/index.ts'
import { ByBody, IncidentAnswer, IncidentParams, IncidentsAnswer, IncidentsQuery, MuteBody } from './schema.ts'
import type { IncidentService } from './service.ts'

/** Incidents of playback quality: what is wrong, since when, why, and who is affected; and operators' actions. */
export function serveIncidents(app: HttpServer, incidents: IncidentService): void {
  app.get(
    '/v1/qoe/incidents',
    {
      config: { scope: 'read' },
      schema: {
        querystring: IncidentsQuery,
        response: { 200: IncidentsAnswer },
        summary: 'Incidents of a clock, newest first',
      },
    },
    (request) => incidents.list(request.query),
  )
  const one = { params: IncidentParams, response: { 200: IncidentAnswer } }
  app.get(
    '/v1/qoe/incidents/:id',
    {
      config: { scope: 'read', problems: [404] },
      schema: { ...one, summary: 'One incident: evidence, ranked causes, and the questions that lead to its sessions' },
    },
    (request) => incidents.one(request.params.id),
  )
  app.post(
    '/v1/qoe/incidents/:id/acknowledge',
    {
      config: { scope: 'operate:incidents', problems: [404, 409] },
      schema: { ...one, body: ByBody, summary: 'Somebody looks after it; the first to say so stands' },
    },
    (request) => incidents.act(request.params.id, { kind: 'acknowledge', ...request.body }),
  )
  app.post(
    '/v1/qoe/incidents/:id/mute',
    {
      config: { scope: 'operate:incidents', problems: [404, 409] },
      schema: { ...one, body: MuteBody, summary: 'Nobody is told of it until then' },
    },
    (request) => incidents.act(request.params.id, { kind: 'mute', ...request.body }),
  )
  app.post(
    '/v1/qoe/incidents/:id/unmute',
    {
      config: { scope: 'operate:incidents', problems: [404, 409] },
      schema: { ...one, body: ByBody, summary: 'It is told of again' },
    },
    (request) => incidents.act(request.params.id, { kind: 'unmute', ...request.body }),
  )
}
