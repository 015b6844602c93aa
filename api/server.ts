import type { Store } from '../platform/clickhouse/port.ts'
import { listen } from '../platform/http/index.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import { createServices } from '../platform/services.ts'
import { buildApi } from './app.ts'
import { LIVE, SESSIONS_LAG, SINK, type SessionsPort, type SinkPort } from './ports.ts'
import { startLive, type LiveService } from './qoe/service.ts'

export interface ApiOptions {
  readonly store: Store
  /** The sink of the same process: its report is served, and what it lands is shown at once. */
  readonly sink?: SinkPort
  /** How far the job of the same process has made sessions. */
  readonly sessions?: SessionsPort
}

export type RunningApi = RunningRole & {
  readonly url: string
  readonly live: LiveService
  /** Event-to-visible: log time of a record to the first frame that held it, ms. */
  visible(): { readonly p50: number | null; readonly p99: number | null }
}

/** Listens, with the live view computed once for everybody. */
export async function startApi(ctx: RoleContext, { store, sink, sessions }: ApiOptions): Promise<RunningApi> {
  const { config, clock, logger, metrics } = ctx
  const live = await startLive({
    store,
    clock,
    logger,
    metrics,
    ...(sink && { onLanded: (listener: (topic: string) => void) => sink.onLanded(listener) }),
  })
  const services = createServices()
  services.provide(LIVE, live)
  if (sink !== undefined) services.provide(SINK, sink)
  if (sessions !== undefined) services.provide(SESSIONS_LAG, sessions)
  const open = async () => {
    const app = await buildApi({ ...ctx, store, services })
    return { app, ...(await listen(app, { host: config.host, port: config.port, variable: '--port or PORT', clock })) }
  }
  const { app, url, stop } = await open().catch(async (error: unknown) => {
    await live.stop()
    throw error
  })
  const { promise: done, resolve: ended } = Promise.withResolvers<void>()
  return {
    url,
    done,
    live,
    visible: () => live.visible(),
    async stop() {
      app.edge.drain()
      await live.stop()
      await stop()
      ended()
    },
  }
}
