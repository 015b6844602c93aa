import { DATA_FLAG } from '../../platform/cli/flags.ts'
import type { Command, Module } from '../../platform/module.ts'
import { landingTable, TOPIC_NAMES } from '../../schemas/topics.ts'
import { fail } from './errors.ts'

const command: Command = {
  summary: 'brings rows that a table lost back from the log',
  usage: 'TABLE [--data DIR]',
  flags: { data: DATA_FLAG },
  words: { least: 1, most: 1 },
  details: `  tables: ${TOPIC_NAMES.map(landingTable).join(', ')}\n  Rows come back once, with everything derived from them; a second run changes nothing, and one that was killed goes on.\n  Exit code 0 if nothing is missing any more. A playloop that runs on the same folder must be stopped first; with\n  CLICKHOUSE_URL and KAFKA_BROKERS the sink may run, but one rebuild at a time.`,
  async run(args, _raw, { open, withLocalData, modules }) {
    const [table = ''] = args.words
    const topic = TOPIC_NAMES.find((each) => landingTable(each) === table)
    if (topic === undefined) throw fail('REBUILD_TABLE', { table, tables: TOPIC_NAMES.map(landingTable).join(', ') })
    const [{ openSchemas }, { openCluster }, { rebuildTable }, { reportOf }] = await Promise.all([
      import('../../platform/avro/registry.ts'),
      import('../../platform/kafka/cluster.ts'),
      import('./rebuild.ts'),
      import('./report.ts'),
    ])
    const partitions = await withLocalData(open('rebuild', args.text('data')), async (ctx, store) => {
      const cluster = openCluster(ctx.config.kafka.brokers, 'playloop-rebuild')
      const schemas = await openSchemas(ctx.config.registryUrl, ctx.logger)
      try {
        return await rebuildTable({ ...ctx, store, modules }, topic, { cluster, schemas })
      } finally {
        await schemas.close()
        await cluster.close()
      }
    })
    const { lines, whole } = reportOf(table, partitions)
    console.log(lines.join('\n'))
    return whole ? 0 : 1
  },
}

export const rebuild: Module = {
  name: 'streams/rebuild',
  after: ['streams/sink', 'streams/audit'],
  commands: { rebuild: command },
}
