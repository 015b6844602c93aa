import type { FastifyReply } from 'fastify'
import { Type, type Static } from 'typebox'
import { type PlayloopError, type ErrorDetails } from '../errors.ts'
import type { HttpCode } from './errors.ts'

/** RFC 9457 problem details. `next` says what to do; no stack and no cause leaves the process. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String({ description: 'what happened, in one sentence' }),
    status: Type.Integer(),
    code: Type.String({ description: 'stable: match on it; docs/errors.md lists all' }),
    next: Type.String({ description: 'what to do about it' }),
    faults: Type.Optional(
      Type.Array(Type.Unsafe<unknown>({}), { description: 'everything that is wrong, by place, where it is several' }),
    ),
  },
  { description: 'Problem details (RFC 9457), as application/problem+json' },
)
export type Problem = Static<typeof ProblemSchema>

export const PROBLEM_TYPE = 'application/problem+json'

/** A server's own code and words for a refusal that all servers share. */
export type Words = Partial<Record<HttpCode, (details: ErrorDetails, cause: unknown) => PlayloopError>>

export function inWords(error: PlayloopError, words: Words): PlayloopError {
  const own = words[error.code as HttpCode]
  return own === undefined ? error : own(error.details, error.cause)
}

export function problemOf(error: PlayloopError): Problem {
  const { code, message, status, next } = error
  const { faults } = error as { faults?: unknown[] }
  return { type: `urn:playloop:error:${code}`, title: message, status, code, next, ...(faults && { faults }) }
}

/** Asked again after so many seconds where nothing better is known. */
const RETRY_S = 5

/** Seconds after which a refused request may be sent again; undefined where that would not help. */
export function retryAfter({ status, details }: PlayloopError): number | undefined {
  if (typeof details['retryAfter'] === 'number') return details['retryAfter']
  return status === 503 ? RETRY_S : undefined
}

/** Header fields of a refusal, beside its body's type. */
export function problemHeaders(error: PlayloopError, seconds: number | undefined): Record<string, string> {
  const { allow, challenge } = error.details
  return {
    'cache-control': 'no-store',
    ...(seconds !== undefined && { 'retry-after': String(seconds) }),
    ...(typeof allow === 'string' && { allow }),
    ...(typeof challenge === 'string' && { 'www-authenticate': challenge }),
  }
}

export const sendProblem = (reply: FastifyReply, error: PlayloopError, seconds: number | undefined): FastifyReply =>
  reply
    .code(error.status)
    .headers(problemHeaders(error, seconds))
    .type(PROBLEM_TYPE)
    // Written here: a route's schema for its answers would leave fields out.
    .serializer(JSON.stringify)
    .send(problemOf(error))
