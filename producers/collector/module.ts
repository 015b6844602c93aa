import type { Module } from '../../platform/module.ts'
import { COLLECTOR } from './settings.ts'

export const collector: Module = {
  name: 'producers/collector',
  settings: [COLLECTOR],
  async validate({ config }) {
    const { checkSettings } = await import('./main.ts')
    await checkSettings(config.of(COLLECTOR))
  },
  roles: {
    collector: {
      summary: 'takes events over HTTP into the log',
      flags: {},
      listens: { variable: COLLECTOR.variables.port, what: 'the collector', flag: 'collector-port' },
      local: { after: ['broker'] },
      async start(ctx) {
        const [{ ensureTopics }, { startCollector }] = await Promise.all([
          import('../../platform/kafka/topics.ts'),
          import('./main.ts'),
        ])
        await ensureTopics(ctx.config, 'collector')
        const running = await startCollector(ctx)
        return { info: { url: running.url }, done: running.done, stop: () => running.stop() }
      },
    },
  },
}
