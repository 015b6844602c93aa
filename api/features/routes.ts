import { Type } from 'typebox'
import { sha256 } from '../../platform/hash.ts'
import { openStream, type HttpServer } from '../../platform/http/index.ts'
import { attributesOf } from '../attributes.ts'
import { fail } from '../errors.ts'
import type { FeatureService } from './service.ts'

const KeyParams = Type.Object({
  key: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'the client key: the clock of the flags and experiments',
  }),
})
const AssignmentsQuery = Type.Object({
  unit: Type.String({ minLength: 1, maxLength: 200 }),
  clock: Type.String({ default: 'live', maxLength: 64 }),
  attributes: Type.Optional(Type.String({ maxLength: 10_000, description: 'further attributes, as a JSON object' })),
})
const MAX_WATCHERS = 1_000
/** Pages of any origin, and their visitors, may read these values. */
const OPEN = { scope: 'public', cors: 'any' } as const

/** The paths that GrowthBook's SDKs request, and assignments for applications without an SDK. */
export function serveFeatures(app: HttpServer, features: FeatureService): void {
  app.get(
    '/api/features/:key',
    { config: OPEN, schema: { params: KeyParams, summary: "Features in GrowthBook's form" } },
    async (request, reply) => {
      // GrowthBook's SDKs open the stream only if this header says that there is one.
      reply.header('x-sse-support', 'enabled').header('cache-control', 'no-cache')
      const text = JSON.stringify(await features.payload(request.params.key))
      const etag = `W/"${sha256(text).toString('base64url').slice(0, 22)}"`
      reply.header('etag', etag)
      const known = request.headers['if-none-match']?.split(/,\s*/) ?? []
      if (known.includes(etag)) return reply.code(304).send()
      return reply.type('application/json; charset=utf-8').send(text)
    },
  )
  app.get(
    '/sub/:key',
    {
      config: OPEN,
      exposeHeadRoute: false,
      schema: {
        params: KeyParams,
        summary: 'The same as server-sent events: `features`, whole, at once and whenever they changed',
      },
    },
    (request, reply) => {
      if (features.watchers >= MAX_WATCHERS) throw fail('API_TOO_MANY_STREAMS', { most: MAX_WATCHERS })
      openStream<'features'>(reply, (receiver) => features.watch(request.params.key, receiver))
    },
  )
  app.get(
    '/v1/experiments/assignments',
    {
      config: { scope: 'read' },
      schema: {
        querystring: AssignmentsQuery,
        summary: 'What a unit gets in every experiment, and the exposures to send',
      },
    },
    async (request) => {
      const { unit, clock, attributes } = request.query
      return { clock, unit, assignments: await features.assignments(clock, unit, attributesOf(attributes)) }
    },
  )
}
