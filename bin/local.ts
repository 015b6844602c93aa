import { openStore } from '../platform/clickhouse/index.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import { startLocalKafka } from '../platform/kafka/local/index.ts'
import type { RoleContext } from '../platform/role.ts'
import { lockData } from '../platform/process/lock-data.ts'

/**
 * Log and store of the data folder, for a command that needs only these two; starts a local broker if none is
 * configured.
 */
export async function withLocalData<T>(
  ctx: RoleContext,
  work: (ctx: RoleContext, store: Store) => Promise<T>,
): Promise<T> {
  const { config, logger } = ctx
  const embedded = config.clickhouse.url === ''
  const unlock = embedded || config.kafka.brokers.length === 0 ? lockData(config.dataDir) : () => undefined
  try {
    if (config.kafka.brokers.length > 0) return await withStore(ctx, work)
    const kafka = await startLocalKafka({ dataDir: config.dataDir, logger })
    try {
      return await withStore(
        { ...ctx, config: { ...config, kafka: { ...config.kafka, brokers: kafka.brokers } } },
        work,
      )
    } finally {
      await kafka.stop()
    }
  } finally {
    unlock()
  }
}

async function withStore<T>(ctx: RoleContext, work: (ctx: RoleContext, store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(ctx.config, ctx.logger)
  try {
    return await work(ctx, store)
  } finally {
    await store.close()
  }
}
