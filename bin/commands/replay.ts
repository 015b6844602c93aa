import { positive, wholeNumber, type Command } from '../cli.ts'
import { fail } from '../errors.ts'
import { replay } from '../rooms.ts'

const SOURCES = ['movielens', 'interactions', 'traces', 'cmcd']

export const command: Command = {
  summary: 'real data through the real path',
  usage: `<${SOURCES.join('|')}> --from PATH [--speed N] [--collector URL]`,
  flags: {
    from: { type: 'string', hint: 'PATH', doc: 'file or folder of the data set' },
    speed: { type: 'string', hint: 'N', doc: 'times as fast as it happened; as fast as it goes by default', check: positive },
    limit: { type: 'string', hint: 'N', doc: 'no more events than this', check: wholeNumber(1) },
    collector: { type: 'string', hint: 'URL', doc: 'collector of the playloop that runs (http://127.0.0.1:8081)', check: (value) => (URL.canParse(value) ? undefined : 'must be a URL') },
  },
  words: { least: 1, most: 1 },
  async run(args) {
    const [source = ''] = args.words
    const from = args.text('from')
    const next = 'playloop replay --help shows what there is'
    if (!SOURCES.includes(source)) throw fail('CLI_USAGE', { fault: `playloop replay: there is no source "${source}"`, next: `one of ${SOURCES.join(', ')}` })
    if (from === undefined) throw fail('CLI_USAGE', { fault: 'playloop replay needs --from PATH', next })
    const { openContext } = await import('../context.ts')
    const ctx = openContext('replay')
    const collectorUrl = args.text('collector') ?? `http://${ctx.config.host}:${ctx.config.collectorPort}`
    console.log(JSON.stringify(await replay(ctx, { source, from, collectorUrl, speed: args.number('speed') ?? 0, limit: args.number('limit') })))
    return 0
  },
}
