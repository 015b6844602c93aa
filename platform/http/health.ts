import type { Metrics } from '../metrics.ts'
import type { HttpServer } from './edge.ts'

/** `ready`, or why not; what else is said of it is shown beside. */
export type Readiness = { readonly status: string } & Readonly<Record<string, string | number>>

export interface HealthOptions {
  readonly metrics: Metrics
  /** Throws when what it stands on is away. */
  readonly ready: () => Readiness | Promise<Readiness>
  /** Called before metrics are read, for gauges that nobody sets meanwhile. */
  readonly onScrape?: () => void
}

/** Live: the process answers. Ready: what it stands on does too, and nobody is draining it. And Prometheus' metrics. */
export function serveHealth(app: HttpServer, { metrics, ready, onScrape }: HealthOptions): void {
  const route = { schema: { hide: true }, config: { scope: 'public', rateLimit: false } } as const
  app.get('/health/live', route, () => ({ status: 'live' }))
  app.get('/health/ready', route, async (_, reply) => {
    const readiness = app.edge.draining ? { ...(await told(ready)), status: 'draining' } : await ready()
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness)
  })
  app.get('/metrics', route, async (_, reply) => {
    onScrape?.()
    return reply.type(metrics.contentType).send(await metrics.text())
  })
}

/** While it drains, nobody needs to know what else is wrong. */
const told = async (ready: HealthOptions['ready']): Promise<Partial<Readiness>> => {
  try {
    return await ready()
  } catch {
    return {}
  }
}
