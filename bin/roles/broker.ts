import { fail } from '../../platform/kafka/errors.ts'
import { wholeNumber } from '../../platform/cli/checks.ts'
import type { Role } from '../../platform/role.ts'

export const broker: Role = {
  summary: 'the local Kafka broker, in the data folder',
  flags: {
    port: {
      type: 'string',
      hint: 'N',
      doc: 'port for clients; the one it had before, else a free one, by default',
      check: wholeNumber(1, 65_535),
    },
  },
  // Time for the collector and the sink to flush their buffers to the broker.
  graceMs: 3_000,
  local: { after: [] },
  async start({ config, logger }, args) {
    const { startLocalKafka } = await import('../../platform/kafka/local/index.ts')
    const kafka = await startLocalKafka({ dataDir: config.dataDir, logger, port: args.number('port') })
    const { promise: done, resolve, reject } = Promise.withResolvers<void>()
    kafka.ended.then((how) => reject(fail('KAFKA_ENDED', { how })), reject)
    return {
      info: { brokers: kafka.brokers.join(','), pid: String(kafka.pid) },
      done,
      async stop() {
        await kafka.stop()
        resolve()
      },
    }
  },
}
