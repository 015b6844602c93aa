import type { Command } from '../cli.ts'

export const command: Command = {
  summary: 'proves that log, tables and aggregates agree',
  usage: '[--json] [--data DIR]',
  flags: {
    json: { type: 'boolean', doc: 'the whole report as JSON' },
    data: { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' },
  },
  details: '  Exit code 0 only if everything holds. A playloop that runs on the same folder must be stopped first.',
  async run(args) {
    // The engine and the broker's client are loaded when they are used: help must not wait for them.
    const [{ openContext }, { withLocalData }, { audit }, { auditText }] = await Promise.all([
      import('../context.ts'),
      import('../local.ts'),
      import('../audit.ts'),
      import('../../streams/audit/index.ts'),
    ])
    const data = args.text('data')
    const ctx = openContext('audit', data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data })
    const report = await withLocalData(ctx, audit)
    console.log(args.on('json') ? JSON.stringify(report) : auditText(report))
    return report.ok ? 0 : 1
  },
}
