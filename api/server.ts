import { listen } from '../platform/http/index.ts'
import type { PartContext, RunningPart } from '../platform/module.ts'
import { buildApi } from './app.ts'

/** Starts the HTTP server: the routes of all modules on one port. */
export async function startApi(ctx: PartContext): Promise<RunningPart> {
  const { config, clock } = ctx
  const app = await buildApi(ctx)
  const { url, stop } = await listen(app, { host: config.host, port: config.port, variable: '--port or PORT', clock })
  const { promise: done, resolve: ended } = Promise.withResolvers<void>()
  return {
    done,
    info: { url },
    async stop() {
      await stop()
      ended()
    },
  }
}
