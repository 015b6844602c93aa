import type { PlayloopError } from '../errors.ts'
import type { Metrics } from '../metrics.ts'
import type { HttpServer } from './edge.ts'

/** `ready`, or the reason why not, with further details shown beside it. */
export type Readiness = { readonly status: string } & Readonly<Record<string, string | number>>

/** Readiness of something that may refuse work for a reason it can name, such as a disk without room. */
export function readinessOf(ready: boolean, refusal: PlayloopError | undefined): Readiness {
  if (refusal !== undefined) return { status: 'waiting', code: refusal.code, reason: refusal.message }
  return { status: ready ? 'ready' : 'waiting' }
}

export interface HealthOptions {
  readonly metrics: Metrics
  /** Throws if a dependency is unavailable. */
  readonly ready: () => Readiness | Promise<Readiness>
  /** Called before metrics are read, to set gauges that are not updated otherwise. */
  readonly onScrape?: () => void
}

/**
 * Serves three routes. Live: the process answers. Ready: its dependencies are available too and it is not draining.
 * Metrics: Prometheus format.
 */
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

/** Readiness details while draining; errors are ignored, since the answer is "draining" anyway. */
const told = async (ready: HealthOptions['ready']): Promise<Partial<Readiness>> => {
  try {
    return await ready()
  } catch {
    return {}
  }
}
