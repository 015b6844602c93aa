import { helpOf, parse, type Command } from '../cli.ts'
import { fail } from '../errors.ts'
import type { Role } from '../roles/role.ts'

export const ROLES: Readonly<Record<string, () => Promise<{ role: Role }>>> = {
  broker: () => import('../roles/broker.ts'),
  collector: () => import('../roles/collector.ts'),
  store: () => import('../roles/store.ts'),
  sink: () => import('../roles/sink.ts'),
  api: () => import('../roles/api.ts'),
  detect: () => import('../roles/detect.ts'),
  world: () => import('../roles/world.ts'),
}

export const command: Command = {
  summary: 'one role, for many machines',
  usage: '<role> [flags]',
  flags: {},
  passesOn: true,
  details: `  roles: ${Object.keys(ROLES).join(', ')}\n  playloop run ROLE --help shows the flags of a role; configuration comes from the environment (playloop validate).`,
  async run(_args, [name = '', ...raw]) {
    if (!Object.hasOwn(ROLES, name))
      throw fail('CLI_USAGE', {
        fault: `playloop run: there is no role "${name}"`,
        next: `one of ${Object.keys(ROLES).join(', ')}`,
      })
    const { role } = await ROLES[name]!()
    const asCommand: Command = {
      summary: role.summary,
      usage: '[flags]',
      flags: role.flags,
      run: () => Promise.resolve(0),
    }
    if (raw.includes('--help') || raw.includes('-h')) {
      console.log(helpOf(`run ${name}`, asCommand))
      return 0
    }
    const { runRole } = await import('../run-role.ts')
    return runRole(name, role, parse(`run ${name}`, asCommand, raw))
  },
}
