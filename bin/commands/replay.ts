import { positive, wholeNumber, type Command } from '../cli.ts'
import { fail } from '../errors.ts'
import { TELEMETRY_FLAG } from '../world-flags.ts'

const SOURCES = ['movielens', 'interactions', 'traces', 'experiment']

export const command: Command = {
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
    telemetry: TELEMETRY_FLAG,
    data: { type: 'string', hint: 'DIR', doc: 'data folder of the journal and the checkpoint (.playloop)' },
    collector: {
      type: 'string',
      hint: 'URL',
      doc: 'collector of the playloop that runs (http://127.0.0.1:8081)',
      check: (value) => (URL.canParse(value) ? undefined : 'must be a URL'),
    },
  },
  words: { least: 1, most: 1 },
  async run(args) {
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
    // Loaded when used: help must not wait for it.
    const [{ openContext }, { runReplay }] = await Promise.all([
      import('../context.ts'),
      import('../../producers/replay/main.ts'),
    ])
    const data = args.text('data')
    const ctx = openContext('replay', data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data })
    const {
      host,
      collectorPort,
      collector: { ingestKeys },
    } = ctx.config
    const [limit, count] = [args.number('limit'), args.number('count')]
    const interrupted = new AbortController()
    process.once('SIGINT', () => interrupted.abort()).once('SIGTERM', () => interrupted.abort())
    const summary = await runReplay(ctx, {
      source: kind,
      from,
      speed: args.text('speed') ?? 'max',
      cmcd: args.text('telemetry') !== 'json',
      collectorUrl: args.text('collector') ?? `http://${host}:${collectorPort}`,
      terminal: process.stderr.isTTY,
      print: (text) => void process.stderr.write(text),
      signal: interrupted.signal,
      ...(limit === undefined ? {} : { limit }),
      ...(count === undefined ? {} : { count }),
      ...(ingestKeys[0] === undefined ? {} : { ingestKey: ingestKeys[0] }),
    })
    console.log(JSON.stringify(summary))
    return summary.done ? 0 : 130
  },
}
