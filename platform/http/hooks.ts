import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { PlayloopError } from '../errors.ts'
import { challengeOf, isLoopback, type Auth } from './auth/auth.ts'
import { anyOrigin, type Cors } from './cors.ts'
import { fail } from './errors.ts'
import { methodsOf, type Route, type Routes } from './routes.ts'
import { SECURITY_HEADERS } from './security-headers.ts'
import type { Edge } from './edge.ts'

export const pathOf = (url: string): string => url.split('?', 1)[0]!.slice(0, 200)

/**
 * First hook of every request: sets the header fields of every answer, answers preflights, and refuses unknown routes
 * before their body is read.
 */
export const enter =
  (edge: Edge, cors: Cors | undefined) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const { headers, is404, routeOptions } = request
    reply.headers(SECURITY_HEADERS)
    if (edge.draining) reply.header('connection', 'close')
    const { origin } = headers
    if (origin !== undefined && cors !== undefined) reply.headers(cors.headers(origin))
    else if (routeOptions.config.cors === 'any') reply.headers(anyOrigin.headers('*'))
    // RFC 9112, 3.2.
    if (headers.host === undefined && request.raw.httpVersion === '1.1')
      return done(fail('HTTP_MALFORMED', { problem: 'it has no Host field' }))
    if (edge.loopbackNamesOnly && headers.host !== undefined && !isLoopbackName(headers.host))
      return done(fail('HTTP_HOST', { host: headers.host.slice(0, 200) }))
    if (!is404) return done()
    if (request.method === 'OPTIONS' && preflight(edge.routes, cors, request, reply)) return
    done(notServed(edge.routes, request))
  }

/**
 * Refuses parameters such as `1e999`: the validator turns them into infinite numbers, which no bound of a schema then
 * refuses.
 */
export async function refuseInfinite({ query, params }: FastifyRequest): Promise<void> {
  for (const [name, value] of Object.entries({ ...(params as object), ...(query as object) }))
    if ([value].flat().some((each) => each === Infinity || each === -Infinity))
      throw fail('HTTP_INVALID', { problem: `${name} is too large for a number` })
}

/** Whether a Host field names this machine: its loopback address, `localhost`, or a name below it (RFC 6761). */
function isLoopbackName(host: string): boolean {
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
  return isLoopback(name) || name.endsWith('.localhost')
}

/** Checks the scope of a route before its body is read. */
export const admit =
  (auth: Auth) =>
  async (request: FastifyRequest): Promise<void> => {
    const { scope = 'public' } = request.routeOptions.config
    if (scope === 'public') return
    try {
      request.principal = await auth.admit(request.headers, scope)
    } catch (error) {
      throw challenged(error as PlayloopError, scope)
    }
  }

function challenged(error: PlayloopError, scope: string): PlayloopError {
  const challenge = challengeOf(error.code, scope)
  return challenge === undefined
    ? error
    : fail(error.code as 'HTTP_SCOPE', { ...error.details, challenge }, error.cause)
}

/** 404, or 405 with the methods that the path supports. */
export function notServed(routes: Routes, { url, method }: FastifyRequest): PlayloopError {
  const path = pathOf(url)
  const allow = allowed(routes.at(path))
  return allow === '' ? fail('HTTP_NOT_FOUND', { path }) : fail('HTTP_METHOD', { path, method, allow })
}

const allowed = (routes: readonly Route[]): string =>
  routes.length === 0 ? '' : [...methodsOf(routes), 'OPTIONS'].join(', ')

/** Answers an OPTIONS request, from a browser or any other client; returns false if the path has no route. */
function preflight(routes: Routes, cors: Cors | undefined, { url }: FastifyRequest, reply: FastifyReply): boolean {
  const found = routes.at(pathOf(url))
  if (found.length === 0) return false
  const policy = found.some((route) => route.cors === 'any') ? anyOrigin : cors
  if (policy === anyOrigin) reply.headers(anyOrigin.headers('*'))
  if (policy !== undefined) reply.headers(policy.preflight(methodsOf(found).join(', ')))
  reply.code(204).header('allow', allowed(found)).send()
  return true
}

/**
 * Refuses unknown query parameters. They are mistakes: if one were ignored, the client would trust an answer to a
 * different question. Bodies declare this in their schemas.
 */
export function refuseUnknown({ schema }: RouteOptions): void {
  if (schema?.querystring !== undefined)
    schema.querystring = { ...(schema.querystring as object), additionalProperties: false }
}
