import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from '../../platform/module.ts'
import { fail } from '../../platform/cli/errors.ts'
import { spawnNode } from '../spawn-node.ts'

/** Evaluations measure properties of a method, not speed. */
const TASKS = ['aa', 'planted'].filter((name) =>
  existsSync(path.join(import.meta.dirname, '../../bench', name, 'main.ts')),
)

export const evaluate: Command = {
  summary: 'does a method hold? aa: experiments that change nothing; planted: effects that nobody told of',
  usage: '<task> [its flags]',
  flags: {},
  passesOn: true,
  get details() {
    return `  tasks: ${TASKS.join(', ')}`
  },
  async run(_args, [name = '', ...raw]) {
    if (!TASKS.includes(name))
      throw fail('CLI_USAGE', { fault: `playloop eval: there is no "${name}"`, next: `one of ${TASKS.join(', ')}` })
    return spawnNode(`bench/${name}/main.ts`, raw)
  },
}
