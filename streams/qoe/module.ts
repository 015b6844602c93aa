import type { Module } from '../../platform/module.ts'
import { audits } from './audits.ts'
import { LIVE_VIEW } from './live/settings.ts'
import { migrations } from './migrations.ts'
import { rebuildSessions, settleSessions } from './session/job.ts'
import { jobs } from './session/jobs.ts'

export const qoe: Module = {
  name: 'streams/qoe',
  after: ['streams/sink'],
  settings: [LIVE_VIEW],
  migrations,
  audits: () => audits,
  async settle({ config, store }) {
    const landed = (await import('./session/landed.ts')).openLandedEnds(config)
    await settleSessions(store, landed.ends).finally(() => landed.close())
  },
  async rebuild({ store }, topic) {
    if (topic === 'playback.telemetry') await rebuildSessions(store)
  },
  jobs,
  parts: [
    { roles: ['sink'], start: async (ctx) => (await import('./session/part.ts')).startLandedEnds(ctx) },
    { roles: ['api', 'detect'], start: async (ctx) => (await import('./live/part.ts')).startLivePart(ctx) },
  ],
}
