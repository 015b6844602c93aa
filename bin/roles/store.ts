import { openStore } from '../../platform/clickhouse/index.ts'
import { PROCESS } from '../../platform/config.ts'
import type { Module, StoreRole } from '../../platform/module.ts'
import { readinessOf } from '../../platform/http/index.ts'
import { serveProbe } from '../../platform/probe.ts'
import type { Listening, Role, StartedRole } from '../../platform/role.ts'
import { startParts, type RunningParts } from './parts.ts'

const PAGES: Listening = { variable: PROCESS.variables.port, what: 'the pages and the API', flag: 'port' }

/** The roles that use the store, as declared by the modules; each in its own process, or all together. */
export const storeRoles = (modules: readonly Module[]): Readonly<Record<string, Role>> => ({
  store: {
    ...role(modules, ['sink', 'api', 'detect']),
    summary: 'sink, detection and API in one process, as the embedded engine wants it',
    local: { after: ['broker'] },
  },
  sink: {
    ...role(modules, ['sink']),
    summary: 'lands the log in ClickHouse, exactly once (many machines: needs CLICKHOUSE_URL)',
  },
  api: { ...role(modules, ['api']), summary: 'answers and pages (many machines: needs CLICKHOUSE_URL)' },
  detect: {
    ...role(modules, ['detect']),
    summary: 'finds incidents and reports them (many machines: needs CLICKHOUSE_URL; one is enough)',
  },
})

const role = (modules: readonly Module[], roles: readonly StoreRole[]): Omit<Role, 'summary'> => ({
  flags: {},
  listens: PAGES,
  async start(ctx) {
    const store = await openStore(ctx.config, ctx.logger, ctx.metrics)
    const parts = await startParts(ctx, { modules, roles, store })
    const { host, port } = ctx.config
    const probe = roles.includes('api')
      ? undefined
      : await serveProbe({
          host,
          port,
          metrics: ctx.metrics,
          ready: () => readinessOf(parts.ready(), store.refusal?.()),
        })
    const done = store.beyondRepair === undefined ? parts.done : Promise.race([parts.done, store.beyondRepair])
    const started = together({ ...parts, done }, roles.length > 1, async () => {
      await probe?.close()
      await store.close()
    })
    return probe === undefined ? started : { ...started, info: { url: probe.url } }
  },
})

/** On one machine, all senders have ended before the store stops: what they sent is landed first. */
function together(parts: RunningParts, alone: boolean, close: () => Promise<void>): StartedRole {
  return {
    info: parts.info,
    done: parts.done,
    stats: () => parts.stats(),
    answers: parts.answers,
    async stop() {
      if (alone) await parts.caughtUp()
      await parts.stop()
      await close()
    },
  }
}
