import {
  fastify,
  type FastifyHttpOptions,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify'
import { errorMessage, type PlayloopError } from '../errors.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import type { Auth } from './auth/auth.ts'
import { clientErrorHandler, refuseRare } from './client-errors.ts'
import type { Cors } from './cors.ts'
import { openEdge, type HttpServer, type SchemaTypes } from './edge.ts'
import { admit, enter, notServed, pathOf, refuseInfinite, refuseUnknown } from './hooks.ts'
import { countRefusals, timeRequests } from './metrics.ts'
import { inWords, retryAfter, sendProblem, type Words } from './problems.ts'
import { refusalOf } from './refusals.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

export interface HttpServerOptions {
  /** Name among the servers of a process; used as a metric label. */
  readonly name: string
  readonly logger: Logger
  readonly metrics: Metrics
  /** The server's own codes and messages for shared errors. */
  readonly words?: Words
  /** Called with the code of each refusal, instead of the shared counter. */
  readonly refused?: (code: string) => void
  /** Seconds after which a refused request may be sent again. */
  readonly retryAfter?: (error: PlayloopError) => number | undefined
  /** Checks the scope of each route; if absent, the routes are public or check access themselves. */
  readonly auth?: Auth
  /** Access state of a server whose routes check access themselves. */
  readonly access?: Auth['state']
  /**
   * Pages of other origins that may call any route; if absent, only pages of this server may, except for routes with
   * `cors: 'any'`.
   */
  readonly cors?: Cors
  readonly trustedProxies?: readonly string[]
  /** Maximum body size, bytes. */
  readonly bodyLimit?: number
  /** Time limit for receiving a whole request, ms; it limits how long a slow request can hold memory. */
  readonly requestTimeoutMs?: number
  /** Time limit until an answer begins, ms; if absent, no limit. */
  readonly handlerTimeoutMs?: number
}

const REQUEST_TIMEOUT_MS = 30_000
/** Time limit for the header fields of a request, ms: they fit into one packet. */
const HEADERS_TIMEOUT_MS = 10_000
/** Longer than the usual 60 s of proxies, so that the proxy closes an idle connection first, ms. */
const KEEP_ALIVE_MS = 72_000
/** Ids of events and sessions may be long; the route's schema sets the actual limit. */
const MAX_PARAMETER = 4_096

/** Creates a server with all shared features; it does not listen yet. */
export function createServer(options: HttpServerOptions): HttpServer {
  const { name, logger, metrics, words = {}, auth, cors, trustedProxies = [] } = options
  const [refused, waits] = [options.refused ?? countRefusals(metrics, name), options.retryAfter ?? retryAfter]
  const edge = openEdge(options.access ?? auth?.state)
  const refuse = (error: PlayloopError): PlayloopError => {
    const known = inWords(error, words)
    refused(known.code)
    return known
  }
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const known = refuse(refusalOf(error))
    if (known.status >= 500)
      logger.warn(
        { code: known.code, path: pathOf(request.url), cause: errorMessage(known.cause ?? error) },
        'a request failed',
      )
    // Fastify would close the connection while the client is still sending its body; the client would then see a reset
    // instead of an answer.
    if (!edge.draining) reply.removeHeader('connection')
    return sendProblem(reply, known, waits(known))
  }
  const timeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
  const server: FastifyHttpOptions<RawServerDefault> = {
    requestTimeout: timeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // A request that arrives while the server closes is served; its answer closes the connection.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    ajv: { customOptions: { removeAdditional: false } },
    ...(options.bodyLimit !== undefined && { bodyLimit: options.bodyLimit }),
    ...(options.handlerTimeoutMs !== undefined && { handlerTimeout: options.handlerTimeoutMs }),
    // Without a Host header Node would answer itself; `enter` does it instead.
    http: {
      requireHostHeader: false,
      headersTimeout: Math.min(timeout, HEADERS_TIMEOUT_MS),
      connectionsCheckingInterval: Math.min(timeout, 2_000),
    },
    clientErrorHandler: clientErrorHandler(refuse, cors),
    // Hooks do not run for these errors.
    frameworkErrors: (error, request, reply) => {
      reply.headers(SECURITY_HEADERS).headers(cors?.headers(request.headers.origin) ?? {})
      answer(error, request, reply)
    },
  }
  const app = fastify(server).withTypeProvider<SchemaTypes>()
  refuseRare(app.server, refuse, cors)
  app.decorate('edge', edge)
  app.decorateRequest('principal', undefined)
  app.addHook('onRoute', (route) => {
    edge.routes.add(route)
    refuseUnknown(route)
  })
  app.addHook('onRequest', enter(edge, cors))
  if (auth?.state === 'on') app.addHook('onRequest', admit(auth))
  timeRequests(app, metrics, name)
  app.addHook('preHandler', refuseInfinite)
  app.addHook('preClose', () => edge.drain())
  app.setErrorHandler(answer)
  // `enter` has already refused unknown routes; without this handler the framework would use its own.
  app.setNotFoundHandler((request, reply) => answer(notServed(edge.routes, request), request, reply))
  return app
}
