import type { Command, CommandContext, Module } from '../../platform/module.ts'
import { fail } from '../../platform/cli/errors.ts'
import type { Role } from '../../platform/role.ts'
import { helpOf, parse } from '../cli.ts'
import { rolesOf } from '../roles/index.ts'
import { runRole } from '../run-role.ts'

export const runCommand = (modules: readonly Module[]): Command => {
  const roles = rolesOf(modules)
  const names = Object.keys(roles).sort().join(', ')
  return {
    summary: 'one role, for many machines',
    usage: '<role> [flags]',
    flags: {},
    passesOn: true,
    details: `  roles: ${names}\n  playloop run ROLE --help shows the flags of a role; configuration comes from the environment (playloop validate).`,
    run(_args, [name = '', ...raw], context) {
      if (!Object.hasOwn(roles, name))
        throw fail('CLI_USAGE', { fault: `playloop run: there is no role "${name}"`, next: `one of ${names}` })
      return run(name, roles[name]!, raw, context)
    },
  }
}

async function run(name: string, role: Role, raw: readonly string[], { open }: CommandContext): Promise<number> {
  const asCommand: Command = { ...role, usage: '[flags]', run: () => Promise.resolve(0) }
  if (raw.includes('--help') || raw.includes('-h')) {
    console.log(helpOf(`run ${name}`, asCommand))
    return 0
  }
  return runRole(name, role, parse(`run ${name}`, asCommand, raw), open(name))
}
