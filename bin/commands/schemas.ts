import { spawnNode } from '../spawn-node.ts'
import type { Command } from '../../platform/module.ts'

export const schemas: Command = {
  summary: 'writes everything that is derived from schemas/avro',
  usage: '[--publish]',
  flags: { publish: { type: 'boolean', doc: 'publish changed schemas as next versions first, where compatible' } },
  run: (_args, raw) => spawnNode('schemas/generate.ts', raw),
}
