import fastifySwagger from '@fastify/swagger'
import { STATUS_CODES } from 'node:http'
import { SCOPES } from './auth/scopes.ts'
import { PROBLEM_TYPE, ProblemSchema } from './problems.ts'
import type { Route } from './routes.ts'
import type { HttpServer } from './edge.ts'

interface Operation {
  security?: object[]
  description?: string
  responses?: Record<string, object>
  requestBody?: object
}
type Paths = Record<string, Record<string, Operation>>
interface Document {
  readonly paths?: Paths
  components?: Record<string, object>
}

/**
 * Serves one OpenAPI 3.1 document of all routes at `/openapi.json`: parameters and answers from their schemas, scope
 * and errors from their configuration. Registered before the routes.
 */
export async function describeRoutes(app: HttpServer, info: { title: string; description: string }): Promise<void> {
  const { routes } = app.edge
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { ...info, version: '1' } },
    transformObject: (document) => {
      if (!('openapiObject' in document)) return document.swaggerObject
      const told = document.openapiObject as Document
      for (const route of routes.all) describe(told.paths ?? {}, route)
      told.components = {
        ...told.components,
        schemas: { ...told.components?.['schemas'], Problem: ProblemSchema },
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: BEARER } },
      }
      return document.openapiObject
    },
  })
  app.get('/openapi.json', { schema: { hide: true }, config: { scope: 'public' } }, () => app.swagger())
}

const BEARER = `A key of PLAYLOOP_API_KEYS, or an access token of the issuer. Scopes: ${Object.entries(SCOPES)
  .map(([scope, meaning]) => `\`${scope}\` (${meaning})`)
  .join(', ')}. Without keys and issuer, on the loopback address, nothing is asked for.`

function describe(paths: Paths, route: Route): void {
  const operation = paths[route.url.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
  if (operation === undefined) return
  operation.security = route.scope === 'public' ? [] : [{ bearer: [route.scope] }]
  if (route.accepts.length > 0)
    operation.requestBody = { required: true, content: Object.fromEntries(route.accepts.map((type) => [type, {}])) }
  operation.responses ??= {}
  for (const status of statusesOf(route))
    operation.responses[status] ??= {
      description: STATUS_CODES[status] ?? '',
      content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
    }
}

/** Most error statuses follow from a route's inputs and scope; the route declares the others itself. */
const statusesOf = ({ scope, takesBody, takesParameters, problems }: Route): number[] =>
  [
    ...new Set([
      ...(takesBody || takesParameters ? [400] : []),
      ...(scope === 'public' ? [] : [401, 403]),
      ...(takesBody ? [413, 415] : []),
      ...problems,
      429,
      500,
      503,
    ]),
  ].sort((a, b) => a - b)
