import { DATA_FLAG } from '../../platform/cli/flags.ts'
import type { Command, Module, PartContext, RunningPart } from '../../platform/module.ts'
import { migrations } from './migrations.ts'

const command: Command = {
  summary: 'proves that log, tables and aggregates agree',
  usage: '[--json] [--data DIR]',
  flags: { json: { type: 'boolean', doc: 'the whole report as JSON' }, data: DATA_FLAG },
  details: '  Exit code 0 only if everything holds. A playloop that runs on the same folder must be stopped first.',
  async run(args, _raw, { open, withLocalData, modules }) {
    const [{ auditAll }, { auditText }] = await Promise.all([import('./whole.ts'), import('./report.ts')])
    const report = await withLocalData(open('audit', args.text('data')), (ctx, store) =>
      auditAll({ ...ctx, store, modules }),
    )
    console.log(args.on('json') ? JSON.stringify(report) : auditText(report))
    return report.ok ? 0 : 1
  },
}

/** Answers the supervisor: a run with a fixed duration ends with the audit. */
async function startPart(ctx: PartContext): Promise<RunningPart> {
  const { auditAll, summaryOf } = await import('./whole.ts')
  return {
    done: new Promise(() => undefined),
    answers: { audit: async () => summaryOf(await auditAll(ctx)) },
    stop: () => Promise.resolve(),
  }
}

export const audit: Module = {
  name: 'streams/audit',
  after: ['streams/sink'],
  migrations,
  commands: { audit: command },
  parts: [{ roles: ['sink'], start: startPart }],
}
