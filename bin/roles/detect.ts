import { openStore } from '../../platform/clickhouse/index.ts'
import { serveProbe } from '../../platform/probe.ts'
import { startLive } from '../../streams/qoe/live/index.ts'
import { alertRules } from '../alert-rules.ts'
import { openDetection } from '../detection.ts'
import type { Role } from './role.ts'

export const role: Role = {
  summary: 'finds incidents and tells of them (many machines: needs CLICKHOUSE_URL; one is enough)',
  flags: {},
  async start(ctx) {
    const rules = alertRules(ctx.config.detect.rulesFile)
    const store = await openStore(ctx.config, ctx.logger)
    const live = await startLive({ ...ctx, store })
    const detection = openDetection(ctx, store, rules, live)
    const { host, port } = ctx.config
    const probe = await serveProbe({ host, port, metrics: ctx.metrics, ready: () => true })
    return {
      info: { url: probe.url },
      done: detection.done,
      stats: () => ({}),
      async stop() {
        await detection.stop()
        await live.stop()
        await probe.close()
        await store.close()
      },
    }
  },
}
