import { openStore } from '../../platform/clickhouse/index.ts'
import { serveProbe } from '../../platform/probe.ts'
import type { Role } from './role.ts'
import { openLanding, sinkStats } from './store.ts'

export const role: Role = {
  summary: 'lands the log in ClickHouse, exactly once (many machines: needs CLICKHOUSE_URL)',
  flags: {},
  async start(ctx) {
    const store = await openStore(ctx.config, ctx.logger)
    const { sink, jobs, close } = await openLanding(ctx, store)
    const { host, port } = ctx.config
    const flows = (): boolean => sink.stats().partitions.every(({ paused }) => paused === '')
    const probe = await serveProbe({ host, port, metrics: ctx.metrics, ready: flows })
    return {
      info: { url: probe.url },
      done: Promise.race([sink.done, jobs.done]),
      stats: () => sinkStats(sink),
      async stop() {
        await close()
        await probe.close()
        await store.close()
      },
    }
  },
}
