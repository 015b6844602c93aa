import type { FastifyInstance, FastifyReply } from 'fastify'
import { errorMessage, PlayloopError } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { fail, problemOf, retryAfter } from './errors.ts'

/**
 * Every refusal leaves as problem+json with a stable code; `refused` is told the code. The connection stays, but while
 * the
 * collector drains: Fastify would close it under a client that still sends its body, who would then see a reset and no
 * answer.
 */
export function answerProblems(
  app: FastifyInstance,
  logger: Logger,
  refused: (code: string) => void,
  drains: () => boolean,
): void {
  const answer = (reply: FastifyReply, error: PlayloopError): FastifyReply => {
    refused(error.code)
    if (!drains()) reply.removeHeader('connection')
    const seconds = retryAfter(error)
    if (seconds !== undefined) reply.header('retry-after', String(seconds))
    return reply.code(error.status).type('application/problem+json').send(problemOf(error))
  }
  app.setErrorHandler((error, _, reply) => {
    const known = error instanceof PlayloopError ? error : foreign(error)
    if (known.status >= 500)
      logger.warn({ code: known.code, cause: errorMessage(known.cause ?? error) }, 'a request was refused')
    return answer(reply, known)
  })
  app.setNotFoundHandler((request, reply) =>
    answer(reply, fail('COLLECTOR_ROUTE_UNKNOWN', { path: request.url.split('?', 1)[0]!.slice(0, 200) })),
  )
}

/** Fastify's own refusals have a status below 500; anything else is a fault of ours. */
function foreign(error: unknown): PlayloopError {
  const { statusCode, code } = error as { statusCode?: number; code?: string }
  if (statusCode === 415) return fail('COLLECTOR_MEDIA_TYPE', { type: 'malformed' }, error)
  if (statusCode === 413) return fail('COLLECTOR_TOO_LARGE', { limit: 'the limit of', when: '' }, error)
  if (statusCode !== undefined && statusCode < 500)
    return fail('COLLECTOR_UNPARSEABLE', { problem: code ?? 'malformed request' }, error)
  return fail('COLLECTOR_INTERNAL', {}, error)
}
