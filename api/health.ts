import type { FastifyInstance } from 'fastify'
import type { Store } from '../platform/clickhouse/port.ts'
import type { Metrics } from '../platform/metrics.ts'

/** Live: the process answers. Ready: the store does too, and nobody is draining it. */
export function serveHealth(app: FastifyInstance, store: Store, metrics: Metrics, draining: () => boolean): void {
  const hide = { schema: { hide: true } }
  app.get('/health/live', hide, () => ({ status: 'live' }))
  app.get('/health/ready', hide, async (_, reply) => {
    if (draining()) return reply.code(503).send({ status: 'draining' })
    await store.rows('SELECT 1')
    return { status: 'ready' }
  })
  app.get('/metrics', hide, async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()))
}
