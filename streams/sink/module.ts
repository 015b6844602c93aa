import type { Module } from '../../platform/module.ts'
import { deadLettersCommand, gapsCommand } from './commands.ts'
import { migrations } from './migrations.ts'
import { SINK } from './settings.ts'

export const sink: Module = {
  name: 'streams/sink',
  settings: [SINK],
  migrations,
  parts: [{ roles: ['sink'], start: async (ctx) => (await import('./part.ts')).startSinkPart(ctx) }],
  commands: { 'dead-letters': deadLettersCommand, gaps: gapsCommand, holes: { ...gapsCommand, hidden: true } },
}
