import type { Static, TObject } from 'typebox'
import type { HttpServer } from '../../platform/http/index.ts'
import type { Definitions } from './definitions.ts'
import {
  ActionBody,
  EvaluationAnswer,
  EvaluationQuery,
  FlagActionParams,
  FlagBody,
  FlagChangeBody,
  GroupActionParams,
  GroupBody,
  GroupChangeBody,
  IdParams,
  ListQuery,
} from './schema.ts'
import type { FlagService } from './service.ts'

/** Flags and saved groups: definitions and their life; and what a unit gets. */
export function serveFlags(app: HttpServer, service: FlagService): void {
  const { flags, groups } = service
  app.get(
    '/v1/flags',
    { config: { scope: 'read' }, schema: { querystring: ListQuery, summary: 'Flags by their latest revision' } },
    async ({ query: { state, clock } }) => ({
      flags: (await flags.all()).filter(
        (flag) => (state === undefined || flag.state === state) && (clock === undefined || flag.clocks.includes(clock)),
      ),
    }),
  )
  app.get(
    '/v1/saved-groups',
    { config: { scope: 'read' }, schema: { summary: 'Saved groups by their latest revision' } },
    async () => ({ groups: await groups.all() }),
  )
  app.get(
    '/v1/flags/:id/evaluation',
    {
      config: ONE,
      schema: {
        params: IdParams,
        querystring: EvaluationQuery,
        response: { 200: EvaluationAnswer },
        summary: 'What a unit gets, which rule decides, and why the others do not',
      },
    },
    ({ params, query }) => service.evaluation(params.id, query),
  )
  serveDefinitions(app, flags, {
    path: '/v1/flags',
    name: 'flag',
    bodies: [FlagBody, FlagChangeBody],
    actions: FlagActionParams,
    summary: 'Kill, unkill, archive',
  })
  serveDefinitions(app, groups, {
    path: '/v1/saved-groups',
    name: 'saved group',
    bodies: [GroupBody, GroupChangeBody],
    actions: GroupActionParams,
    summary: 'Archive: conditions can no longer name it',
  })
}

const ONE = { scope: 'read', problems: [404] } as const
const WRITE = { scope: 'write:experiments', problems: [404, 409, 422] } as const

interface Served<New extends TObject, Changed extends TObject> {
  readonly path: string
  readonly name: string
  readonly bodies: readonly [New, Changed]
  readonly actions: typeof FlagActionParams | typeof GroupActionParams
  /** What the actions do. */
  readonly summary: string
}

/** The same routes for each kind of definition. */
function serveDefinitions<New extends TObject, Changed extends TObject, T>(
  app: HttpServer,
  service: {
    readonly [K in keyof Definitions<never, T>]: K extends 'validate' | 'create'
      ? (draft: Static<New>) => Promise<T>
      : K extends 'change'
        ? (id: string, order: Static<Changed>) => Promise<T>
        : Definitions<never, T>[K]
  },
  { path, name, bodies: [draft, change], actions, summary }: Served<New, Changed>,
): void {
  app.post(path, { config: WRITE, schema: { body: draft, summary: `A new ${name}` } }, async (request, reply) =>
    reply.code(201).send(await service.create(request.body as Static<New>)),
  )
  app.post(
    `${path}/validate`,
    {
      config: { scope: 'read', problems: [422] },
      schema: { body: draft, summary: 'What it would be, or everything that is wrong with it; nothing is written' },
    },
    (request) => service.validate(request.body as Static<New>),
  )
  app.get(
    `${path}/:id`,
    { config: ONE, schema: { params: IdParams, summary: `One ${name}, as it stands` } },
    (request) => service.one(request.params.id),
  )
  app.get(
    `${path}/:id/revisions`,
    { config: ONE, schema: { params: IdParams, summary: 'Who changed what, oldest first' } },
    (request) => service.revisions(request.params.id),
  )
  app.post(
    `${path}/:id/change`,
    { config: WRITE, schema: { params: IdParams, body: change, summary: `Replaces the ${name} by a new revision` } },
    (request) => service.change(request.params.id, request.body as Static<Changed>),
  )
  app.post(
    `${path}/:id/:action`,
    {
      config: WRITE,
      schema: { params: actions, body: ActionBody, summary },
    },
    ({ params, body }) => service.act(params.id, params.action, body),
  )
}
