import type { Module } from '../../platform/module.ts'
import { audits } from './audits.ts'
import { migrations } from './migrations.ts'
import { settleSessions } from './session/job.ts'

export const qoe: Module = {
  name: 'streams/qoe',
  after: ['streams/sink'],
  migrations,
  audits: () => audits,
  async settle({ config, store }) {
    const landed = (await import('./session/landed.ts')).openLandedEnds(config)
    await settleSessions(store, landed.ends).finally(() => landed.close())
  },
  parts: [
    { roles: ['sink'], start: async (ctx) => (await import('./session/part.ts')).startSessionsPart(ctx) },
    { roles: ['api', 'detect'], start: async (ctx) => (await import('./live/part.ts')).startLivePart(ctx) },
  ],
}
