import type { Command } from '../cli.ts'
import { fail } from '../errors.ts'

export const command: Command = {
  summary: 'shows and accepts offsets that left the log before they were landed',
  usage: '[accept] [--data DIR]',
  flags: { data: { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' } },
  words: { least: 0, most: 1 },
  details:
    '  A partition with a gap waits (KAFKA_OFFSET_OUT_OF_RANGE) until somebody says that what is gone is gone. `accept` writes\n  the gap into the ledger, where the audit shows it, and lets the partition go on where the log begins. Stop playloop first.',
  async run(args) {
    const [word] = args.words
    if (word !== undefined && word !== 'accept')
      throw fail('CLI_USAGE', {
        fault: `playloop gaps: there is no "${word}"`,
        next: 'playloop gaps, or playloop gaps accept',
      })
    const data = args.text('data')
    // The engine and the broker's client are loaded when they are used: help must not wait for them.
    const [{ openContext }, { withLocalData }, { openCluster }, { acceptGap, findGaps }] = await Promise.all([
      import('../context.ts'),
      import('../local.ts'),
      import('../../platform/kafka/cluster.ts'),
      import('../../streams/sink/gaps.ts'),
    ])
    const ctx = openContext('gaps', data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data })
    return withLocalData(ctx, async ({ config, clock }, store) => {
      const cluster = openCluster(config.kafka.brokers, 'playloop-gaps')
      try {
        const gaps = await findGaps(store, cluster, config.sink.group)
        for (const gap of gaps) {
          if (word === 'accept') await acceptGap(store, cluster, config.sink.group, gap, clock)
          console.log(
            `${gap.topic}/${gap.partition}: offsets ${gap.first} to ${gap.last} are gone${word === 'accept' ? ', accepted' : ''}`,
          )
        }
        if (gaps.length === 0) console.log('no gaps: the log still holds everything that is not landed')
        return gaps.length === 0 || word === 'accept' ? 0 : 1
      } finally {
        await cluster.close()
      }
    })
  },
}
