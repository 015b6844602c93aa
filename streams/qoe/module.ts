import type { Module } from '../../platform/module.ts'
import { audits } from './audits.ts'
import { migrations } from './migrations.ts'
import { settleSessions } from './session/job.ts'
import { openLandedEnds } from './session/landed.ts'
import { startSessionsPart } from './session/part.ts'

export const qoe: Module = {
  name: 'streams/qoe',
  migrations,
  audits: () => audits,
  async settle({ config, store }) {
    const landed = openLandedEnds(config)
    await settleSessions(store, landed.ends).finally(() => landed.close())
  },
  parts: [{ roles: ['sink'], start: startSessionsPart }],
}
