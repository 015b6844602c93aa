import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../metrics.ts'

/** Counts the refusals of one server by code. */
export function countRefusals(metrics: Metrics, server: string): (code: string) => void {
  const counter = metrics.counter('playloop_http_refused_total', 'Requests refused, by server and code', [
    'server',
    'code',
  ])
  return (code) => counter.inc({ server, code })
}

const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 30]

/** Times all requests of a server to the end of their answer: for streams, as long as they were open. */
export function timeRequests(app: Pick<FastifyInstance, 'addHook'>, metrics: Metrics, server: string): void {
  const seconds = metrics.histogram(
    'playloop_http_request_seconds',
    'Time from a request to the end of its answer, by server, method, route and status',
    SECONDS,
    ['server', 'method', 'route', 'status'],
  )
  app.addHook('onResponse', (request, reply, done) => {
    // The route's pattern, never the address: a label a client can choose would grow without bound.
    const { url: route = 'unknown' } = request.routeOptions
    seconds.observe(
      { server, method: methodOf(request.method), route, status: reply.statusCode },
      reply.elapsedTime / 1_000,
    )
    done()
  })
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const methodOf = (method: string): string => (METHODS.has(method) ? method : 'other')
