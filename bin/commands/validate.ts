import type { Command } from '../../platform/module.ts'
import { checkFiles } from '../preflight.ts'

export const validate: Command = {
  summary: 'checks the configuration, all faults at once',
  usage: '',
  flags: {},
  async run(_args, _raw, { modules, open }) {
    await checkFiles(open('validate').config, modules)
    console.log('the configuration is right')
    return 0
  },
}
