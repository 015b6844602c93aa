import type { HttpServer } from '../../platform/http/index.ts'
import type { Rollouts } from './rollouts.ts'
import { IdParams, UndoBody } from './schema.ts'

/** What is done to an experiment without a person: announced, and undone by one. */
export function serveRollouts(app: HttpServer, rollouts: Rollouts): void {
  app.get(
    '/v1/experiments/:id/rollout',
    {
      config: { scope: 'read', problems: [404] },
      schema: { params: IdParams, summary: 'What will be done without a person, when and why, and what was done' },
    },
    (request) => rollouts.one(request.params.id),
  )
  app.post(
    '/v1/experiments/:id/rollout/undo',
    {
      config: { scope: 'write:experiments', problems: [403, 404, 409, 422] },
      schema: {
        params: IdParams,
        body: UndoBody,
        summary: 'Undoes what is announced, or else what was done last; it is not done again until guard is set anew',
      },
    },
    ({ params, body, principal }) => rollouts.undo(params.id, body.by, principal),
  )
}
