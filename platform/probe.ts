import { systemClock, type Clock } from './clock.ts'
import { createServer, listen, serveHealth, type Readiness } from './http/index.ts'
import { silentLogger, type Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'

export interface Probe {
  readonly url: string
  close(): Promise<void>
}

export interface ProbeOptions {
  readonly host: string
  readonly port: number
  readonly metrics: Metrics
  readonly ready: () => Readiness
  readonly logger?: Logger
  readonly clock?: Clock
}

/**
 * Serves `/metrics`, `/health/live` and `/health/ready` for a role without any other HTTP server; a cluster scrapes the
 * sink through it. Throws HTTP_PORT_TAKEN.
 */
export async function serveProbe(options: ProbeOptions): Promise<Probe> {
  const { host, port, metrics, ready, logger = silentLogger, clock = systemClock } = options
  const app = createServer({ name: 'probe', logger, metrics })
  serveHealth(app, { metrics, ready })
  const { url, stop } = await listen(app, { host, port, variable: 'PORT', clock })
  return { url, close: stop }
}
