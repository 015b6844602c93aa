import { isOneOf, isUrl, positive, wholeNumber } from '../../platform/cli/checks.ts'
import { DATA_FLAG } from '../../platform/cli/flags.ts'
import type { Command, Module } from '../../platform/module.ts'
import { fail } from '../../platform/cli/errors.ts'
import { COLLECTOR, producerKey } from '../collector/index.ts'

const SOURCES = ['movielens', 'interactions', 'traces', 'experiment']

const replayCommand: Command = {
  summary: 'real data through the real path',
  usage: `<${SOURCES.join('|')}> --from PATH [--speed N] [--collector URL]`,
  flags: {
    from: { type: 'string', hint: 'PATH', doc: 'file or folder of the data set' },
    speed: {
      type: 'string',
      hint: 'N',
      doc: 'times as fast as it happened; as fast as it goes by default',
      check: (value) => (value === 'max' ? undefined : positive(value)),
    },
    limit: { type: 'string', hint: 'N', doc: 'no more events than this', check: wholeNumber(1) },
    count: { type: 'string', hint: 'N', doc: 'traces: sessions to play (126)', check: wholeNumber(1) },
    telemetry: {
      type: 'string',
      hint: 'FORM',
      doc: 'traces: how players report their telemetry, cmcd (version 2, event mode) or json; the same events land (cmcd)',
      check: isOneOf('cmcd', 'json'),
    },
    data: { ...DATA_FLAG, doc: 'data folder of the journal and the checkpoint (.playloop)' },
    collector: {
      type: 'string',
      hint: 'URL',
      doc: 'collector of the playloop that runs (http://127.0.0.1:8081)',
      check: isUrl,
    },
  },
  words: { least: 1, most: 1 },
  async run(args, _raw, { open, interrupted }) {
    const [kind = ''] = args.words
    const from = args.text('from')
    if (!SOURCES.includes(kind))
      throw fail('CLI_USAGE', {
        fault: `playloop replay: there is no source "${kind}"`,
        next: `one of ${SOURCES.join(', ')}`,
      })
    if (from === undefined)
      throw fail('CLI_USAGE', {
        fault: 'playloop replay needs --from PATH',
        next: 'playloop replay --help shows what there is',
      })
    const { runReplay } = await import('./main.ts')
    const ctx = open('replay', args.text('data'))
    const { port } = ctx.config.of(COLLECTOR)
    const [limit, count] = [args.number('limit'), args.number('count')]
    const summary = await runReplay(ctx, {
      source: kind,
      from,
      speed: args.text('speed') ?? 'max',
      cmcd: args.text('telemetry') !== 'json',
      collectorUrl: args.text('collector') ?? `http://${ctx.config.host}:${port}`,
      terminal: process.stderr.isTTY,
      print: (text) => void process.stderr.write(text),
      signal: interrupted,
      ...(limit === undefined ? {} : { limit }),
      ...(count === undefined ? {} : { count }),
      ingestKey: producerKey(ctx.config),
    })
    console.log(JSON.stringify(summary))
    return summary.done ? 0 : 130
  },
}

export const replay: Module = { name: 'producers/replay', commands: { replay: replayCommand } }
