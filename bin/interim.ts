import type { LiveService } from '../api/qoe/service.ts'
import { migrations } from '../models/detect/migrations.ts'
import { rulesIn } from '../models/detect/rules-file.ts'
import { DETECT } from '../models/detect/settings.ts'
import type { Module } from '../platform/module.ts'
import { service } from '../platform/services.ts'
import { SESSIONS_LAG } from '../streams/qoe/index.ts'
import { SINK_REPORT } from '../streams/sink/index.ts'

const LIVE = service<LiveService>('qoe.live')

export const api: Module = {
  name: 'api',
  after: ['streams/qoe', 'streams/experiments'],
  parts: [
    {
      roles: ['api'],
      async start(ctx) {
        const { startApi } = await import('../api/server.ts')
        const [report, lag] = [ctx.services.find(SINK_REPORT), ctx.services.find(SESSIONS_LAG)]
        const running = await startApi(ctx, {
          store: ctx.store,
          ...(report && { sink: report }),
          ...(lag && { sessions: lag }),
        })
        ctx.services.provide(LIVE, running.live)
        return { ...running, stats: () => ({ event_to_visible_ms: { ...running.visible() }, url: running.url }) }
      },
    },
  ],
}

export const detect: Module = {
  name: 'models/detect',
  after: ['api'],
  settings: [DETECT],
  migrations,
  validate: ({ config }) => void rulesIn(config.of(DETECT).rulesFile),
  parts: [
    {
      roles: ['detect'],
      async start(ctx) {
        const [{ openDetection }, { startLive }] = await Promise.all([
          import('./detection.ts'),
          import('../api/qoe/service.ts'),
        ])
        const rules = rulesIn(ctx.config.of(DETECT).rulesFile)
        const shared = ctx.services.find(LIVE)
        const live = shared ?? (await startLive(ctx))
        const detection = openDetection(ctx, ctx.store, rules, live)
        return {
          done: detection.done,
          async stop() {
            await detection.stop()
            if (shared === undefined) await live.stop()
          },
        }
      },
    },
  ],
}
