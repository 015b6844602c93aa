import { configFaults, readConfig } from '../../platform/config.ts'
import { alertRules } from '../alert-rules.ts'
import type { Command } from '../cli.ts'

export const command: Command = {
  summary: 'checks the configuration, all faults at once',
  usage: '',
  flags: {},
  async run() {
    const faults = configFaults(process.env)
    if (faults.length > 0) readConfig()
    alertRules(readConfig().detect.rulesFile)
    console.log('the configuration is right')
    return 0
  },
}
