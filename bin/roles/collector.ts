import { startCollector } from '../../producers/collector/main.ts'
import { ensureTopics } from '../topics.ts'
import type { Role } from './role.ts'

export const role: Role = {
  summary: 'takes events over HTTP into the log',
  flags: {},
  async start(ctx) {
    await ensureTopics(ctx.config, 'collector')
    const collector = await startCollector(ctx)
    return { info: { url: collector.url }, done: collector.done, stop: () => collector.stop(), stats: () => ({}) }
  },
}
