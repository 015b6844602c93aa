import type { Command } from '../cli.ts'
import { audit, type AuditReport } from '../rooms.ts'

export const command: Command = {
  summary: 'proves that log, tables and aggregates agree',
  usage: '[--json] [--data DIR]',
  flags: {
    json: { type: 'boolean', doc: 'the whole report as JSON' },
    data: { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' },
  },
  details: '  Exit code 0 only if everything holds. A playloop that runs on the same folder must be stopped first.',
  async run(args) {
    const data = args.text('data')
    // The engine and the broker's client are loaded when they are used: help must not wait for them.
    const [{ openContext }, { withLocalData }] = await Promise.all([import('../context.ts'), import('../local.ts')])
    const ctx = openContext('audit', data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data })
    const report = await withLocalData(ctx, (inner, store) => audit(inner, { store }))
    console.log(args.on('json') ? JSON.stringify(report) : readable(report))
    return report.holds ? 0 : 1
  },
}

const readable = (report: AuditReport): string =>
  Object.entries(report).map(([name, value]) => `${name.padEnd(16)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`).join('\n')
