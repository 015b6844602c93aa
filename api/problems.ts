import type { FastifyInstance, FastifyReply } from 'fastify'
import { StoreError } from '../platform/clickhouse/port.ts'
import { errorMessage, PlayloopError } from '../platform/errors.ts'
import type { Logger } from '../platform/logger.ts'
import { fail } from './errors.ts'

/** Every refusal leaves as problem+json (RFC 9457) with a stable code and what to do next, never with a stack. */
export function answerProblems(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const known = error instanceof PlayloopError ? error : foreign(error)
    if (known.status >= 500)
      logger.warn(
        { code: known.code, path: request.url, cause: errorMessage(known.cause ?? error) },
        'a request failed',
      )
    return answer(reply, known)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url)
    if (!app.hasRoute({ method: 'GET', url: path })) return answer(reply, fail('API_NOT_FOUND', { path }))
    return answer(reply.header('allow', 'GET, HEAD'), fail('API_METHOD', { path }))
  })
}

/**
 * A parameter that nobody reads is a slip: passed over in silence, its answer would be taken for what was meant. Bodies
 * say so in their schemas.
 */
export function refuseUnknown(app: FastifyInstance): void {
  app.addHook('onRoute', ({ schema }) => {
    if (schema?.querystring !== undefined)
      schema.querystring = { ...(schema.querystring as object), additionalProperties: false }
  })
}

const STORE_AWAY = new Set([0, 159, 202, 209, 210])

export const pathOf = (url: string): string => url.split('?', 1)[0]!.slice(0, 200)

function answer(reply: FastifyReply, error: PlayloopError): FastifyReply {
  const { code, status, message, next } = error
  const { faults } = error as { faults?: readonly unknown[] }
  if (status === 503) reply.header('retry-after', '5')
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `/docs/errors#${code}`, title: message, status, code, next, ...(faults && { faults }) })
}

function foreign(error: unknown): PlayloopError {
  // 0 = the connection was lost; 159, 202, 209, 210: too slow, too busy, network. Any other code is a fault of our
  // statement.
  if (error instanceof StoreError)
    return STORE_AWAY.has(error.engineCode) ? fail('API_STORE_AWAY', {}, error) : fail('API_INTERNAL', {}, error)
  const { statusCode, message, validation } = error as {
    statusCode?: number
    message?: string
    validation?: readonly Fault[]
  }
  if (validation !== undefined) return fail('API_QUERY_INVALID', { problem: validation.map(inWords).join('; ') }, error)
  if (statusCode !== undefined && statusCode < 500)
    return fail('API_QUERY_INVALID', { problem: message ?? 'malformed' }, error)
  return fail('API_INTERNAL', {}, error)
}

/** What the validator says of one parameter. */
interface Fault {
  readonly instancePath: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

function inWords({ instancePath, message, params }: Fault): string {
  const [allowed, unknown] = [params['allowedValues'], params['additionalProperty']]
  const place = instancePath.slice(1) || 'the request'
  if (typeof unknown === 'string') return `${place} has no field ${unknown}`
  return `${place} ${Array.isArray(allowed) ? `must be one of ${allowed.join(', ')}` : (message ?? 'is malformed')}`
}
