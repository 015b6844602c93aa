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
import { admit, enter, notServed, pathOf, refuseUnknown } from './hooks.ts'
import { countRefusals } from './metrics.ts'
import { inWords, retryAfter, sendProblem, type Words } from './problems.ts'
import { refusalOf } from './refusals.ts'
import { SECURITY_HEADERS } from './security-headers.ts'

export interface HttpServerOptions {
  /** Its name among the servers of a process: a metric's label. */
  readonly name: string
  readonly logger: Logger
  readonly metrics: Metrics
  /** Its own codes for refusals that all servers share. */
  readonly words?: Words
  /** Told of each refusal's code, instead of the shared counter. */
  readonly refused?: (code: string) => void
  /** Seconds after which a refused request may be sent again. */
  readonly retryAfter?: (error: PlayloopError) => number | undefined
  /** Asks for what the scope of each route needs; absent: its routes are public, or guard themselves. */
  readonly auth?: Auth
  /** Of a server whose routes guard themselves. */
  readonly access?: Auth['state']
  /** Pages that may ask, for all routes; absent: pages of this server alone, but for routes with `cors: 'any'`. */
  readonly cors?: Cors
  readonly trustedProxies?: readonly string[]
  /** Largest body, bytes. */
  readonly bodyLimit?: number
  /** A request must be whole within this time, ms: one that trickles holds its bytes no longer. */
  readonly requestTimeoutMs?: number
  /** An answer must have begun within this time, ms; absent: no limit. */
  readonly handlerTimeoutMs?: number
}

const REQUEST_TIMEOUT_MS = 30_000
/** Above the 60 s of usual proxies, so that it is they who close an idle connection, ms. */
const KEEP_ALIVE_MS = 72_000
/** Ids of events and sessions may be long; a route's schema says how long. */
const MAX_PARAMETER = 4_096

/** A server with everything that all share; nothing listens yet. */
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
    // Fastify would close the connection under a client that still sends its body, who would then see a reset and no
    // answer.
    if (!edge.draining) reply.removeHeader('connection')
    return sendProblem(reply, known, waits(known))
  }
  const timeout = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS
  const server: FastifyHttpOptions<RawServerDefault> = {
    requestTimeout: timeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // A request that comes while it closes is served: its answer closes the connection.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    ajv: { customOptions: { removeAdditional: false } },
    ...(options.bodyLimit !== undefined && { bodyLimit: options.bodyLimit }),
    ...(options.handlerTimeoutMs !== undefined && { handlerTimeout: options.handlerTimeoutMs }),
    // Without a Host Node would answer by itself; `enter` does.
    http: { requireHostHeader: false, connectionsCheckingInterval: Math.min(timeout, 5_000) },
    clientErrorHandler: clientErrorHandler(refuse, cors),
    // Hooks do not run for these.
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
  app.addHook('preClose', () => edge.drain())
  app.setErrorHandler(answer)
  // `enter` has refused what is not there; without a handler the framework would look for one of its own.
  app.setNotFoundHandler((request, reply) => answer(notServed(edge.routes, request), request, reply))
  return app
}
