import { startApi } from '../../api/server.ts'
import { openStore } from '../../platform/clickhouse/index.ts'
import type { Role } from './role.ts'

export const role: Role = {
  summary: 'answers and pages (many machines: needs CLICKHOUSE_URL)',
  flags: {},
  async start(ctx) {
    const store = await openStore(ctx.config, ctx.logger)
    const api = await startApi(ctx, { store })
    return {
      info: { url: api.url },
      done: api.done,
      stats: () => ({}),
      async stop() {
        await api.stop()
        await store.close()
      },
    }
  },
}
