import { Type } from 'typebox'
import type { HttpServer } from '../../platform/http/index.ts'
import { EVENTS } from './messages.ts'
import type { Webhooks } from './service.ts'

const SubscriptionBody = Type.Object(
  {
    by: Type.String({ minLength: 1, maxLength: 128, pattern: '\\S', description: 'who' }),
    url: Type.String({ minLength: 1, maxLength: 2_000, description: 'receiver: https, or this machine' }),
    events: Type.Array(Type.Unsafe<(typeof EVENTS)[number]>({ type: 'string', enum: [...EVENTS] }), { minItems: 1 }),
    secret: Type.Optional(
      Type.String({ maxLength: 120, description: 'key of the signature, whsec_ and base64; made unless told' }),
    ),
  },
  { additionalProperties: false },
)
const Params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })
const ByQuery = Type.Object({ by: Type.String({ minLength: 1, maxLength: 128 }) })

/** Webhooks on experiments: who is told, and what became of it. */
export function serveWebhooks(app: HttpServer, webhooks: Webhooks): void {
  app.get(
    '/v1/webhooks',
    { config: { scope: 'write:experiments' }, schema: { summary: 'Webhooks, without their keys' } },
    () => webhooks.list(),
  )
  app.post(
    '/v1/webhooks',
    {
      config: { scope: 'write:experiments', problems: [422] },
      schema: {
        body: SubscriptionBody,
        summary:
          'Tell a receiver what happens to experiments, signed as Standard Webhooks; its key is shown here alone',
      },
    },
    async (request, reply) => reply.code(201).send(await webhooks.subscribe(request.body)),
  )
  app.delete(
    '/v1/webhooks/:id',
    {
      config: { scope: 'write:experiments', problems: [404] },
      schema: { params: Params, querystring: ByQuery, summary: 'Tell a receiver nothing any more' },
    },
    async (request, reply) => {
      await webhooks.remove(request.params.id, request.query.by)
      return reply.code(204).send()
    },
  )
  app.get(
    '/v1/webhooks/:id/deliveries',
    {
      config: { scope: 'write:experiments', problems: [404] },
      schema: { params: Params, summary: 'What became of the messages of a webhook, the last attempt first' },
    },
    (request) => webhooks.deliveries(request.params.id),
  )
}
