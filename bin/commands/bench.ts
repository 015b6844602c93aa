import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Command } from '../../platform/module.ts'
import { fail } from '../../platform/cli/errors.ts'
import { spawnNode } from '../spawn-node.ts'

const FOLDER = path.join(import.meta.dirname, '../../bench')

/** A bench is a folder with a main.ts; no registration is needed. */
const names = (): string[] =>
  existsSync(FOLDER)
    ? readdirSync(FOLDER)
        .filter((name) => existsSync(path.join(FOLDER, name, 'main.ts')))
        .sort()
    : []

export const bench: Command = {
  summary: 'a measurement beside its peer, in one run, as a ratio',
  usage: '<name> [its flags]',
  flags: {},
  passesOn: true,
  get details() {
    return `  names: ${names().join(', ')}`
  },
  async run(_args, [name = '', ...raw]) {
    if (!names().includes(name))
      throw fail('CLI_USAGE', { fault: `playloop bench: there is no "${name}"`, next: `one of ${names().join(', ')}` })
    return spawnNode(`bench/${name}/main.ts`, raw)
  },
}
