import type { Command } from '../cli.ts'
import { fail } from '../errors.ts'

export const command: Command = {
  summary: 'shows and accepts offsets that left the log before they were landed',
  usage: '[accept] [--data DIR]',
  flags: { data: { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' } },
  words: { least: 0, most: 1 },
  details:
    '  A partition with a hole waits (KAFKA_OFFSET_OUT_OF_RANGE) until somebody says that what is gone is gone. `accept` writes\n  the hole into the ledger, where the audit shows it, and lets the partition go on where the log begins. Stop playloop first.',
  async run(args) {
    const [word] = args.words
    if (word !== undefined && word !== 'accept')
      throw fail('CLI_USAGE', {
        fault: `playloop holes: there is no "${word}"`,
        next: 'playloop holes, or playloop holes accept',
      })
    const data = args.text('data')
    // The engine and the broker's client are loaded when they are used: help must not wait for them.
    const [{ openContext }, { withLocalData }, { openCluster }, { acceptHole, findHoles }] = await Promise.all([
      import('../context.ts'),
      import('../local.ts'),
      import('../../platform/kafka/cluster.ts'),
      import('../../streams/sink/holes.ts'),
    ])
    const ctx = openContext('holes', data === undefined ? process.env : { ...process.env, PLAYLOOP_DATA: data })
    return withLocalData(ctx, async ({ config, clock }, store) => {
      const cluster = openCluster(config.kafka.brokers, 'playloop-holes')
      try {
        const holes = await findHoles(store, cluster, config.sink.group)
        for (const hole of holes) {
          if (word === 'accept') await acceptHole(store, cluster, config.sink.group, hole, clock)
          console.log(
            `${hole.topic}/${hole.partition}: offsets ${hole.first} to ${hole.last} are gone${word === 'accept' ? ', accepted' : ''}`,
          )
        }
        if (holes.length === 0) console.log('no holes: the log still holds everything that is not landed')
        return holes.length === 0 || word === 'accept' ? 0 : 1
      } finally {
        await cluster.close()
      }
    })
  },
}
