import type { FastifyReply } from 'fastify'
import { Type, type Static } from 'typebox'
import { type PlayloopError, type ErrorDetails } from '../errors.ts'
import type { HttpCode } from './errors.ts'

/** RFC 9457 problem details. `next` says what to do; stacks and causes never leave the process. */
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

/** A server's own codes and messages for shared errors. */
export type Words = Partial<Record<HttpCode, (details: ErrorDetails, cause: unknown) => PlayloopError>>

export function inWords(error: PlayloopError, words: Words): PlayloopError {
  const own = words[error.code as HttpCode]
  if (own === undefined) return error
  const { faults } = error as { faults?: unknown[] }
  return Object.assign(own(error.details, error.cause), faults && { faults })
}

export function problemOf(error: PlayloopError): Problem {
  const { code, message, status, next } = error
  const { faults } = error as { faults?: unknown[] }
  return { type: `urn:playloop:error:${code}`, title: message, status, code, next, ...(faults && { faults }) }
}

/** Default Retry-After, seconds. */
const RETRY_S = 5

/** Seconds after which a refused request may be sent again; undefined if a retry would not help. */
export function retryAfter({ status, details }: PlayloopError): number | undefined {
  if (typeof details['retryAfter'] === 'number') return details['retryAfter']
  return status === 503 ? RETRY_S : undefined
}

/** Header fields of a refusal, in addition to its content type. */
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
    // Serialised here, because a route's answer schema would drop fields.
    .serializer(JSON.stringify)
    .send(problemOf(error))
