import type { Store } from '../platform/clickhouse/port.ts'
import { errorCode } from '../platform/errors.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import { startLive, type LiveService } from '../streams/qoe/live/index.ts'
import { buildApi } from './app.ts'
import { fail } from './errors.ts'
import type { SessionsPort, SinkPort } from './ports.ts'

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
  const { app, drain } = await buildApi({ store, live, sink, sessions, clock, logger, metrics })
  try {
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await live.stop()
    throw errorCode(error) === 'EADDRINUSE' ? fail('API_PORT_TAKEN', { port: config.port }, error) : error
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : config.port
  let ended = (): void => undefined
  const done = new Promise<void>((resolve) => {
    ended = resolve
  })
  return {
    url: `http://${config.host}:${port}`,
    done,
    live,
    visible: () => live.visible(),
    async stop() {
      drain()
      await live.stop()
      await app.close()
      ended()
    },
  }
}
