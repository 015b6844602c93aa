import type { Command } from '../../platform/module.ts'

export const validate: Command = {
  summary: 'checks the configuration, all faults at once',
  usage: '',
  flags: {},
  async run(_args, _raw, { modules, open }) {
    const context = open('validate')
    for (const module of modules) await module.validate?.(context)
    console.log('the configuration is right')
    return 0
  },
}
