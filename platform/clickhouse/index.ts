import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openReserve } from '../disk/reserve.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'
import type { Store } from './port.ts'

export { migrate, type Migration } from './migrate.ts'
export { StoreError, type AvroInsert, type Query, type SqlParams, type SqlValue, type Store } from './port.ts'

/** Opens the configured store: a server if CLICKHOUSE_URL is set, otherwise the embedded engine in the data folder. */
export async function openStore(
  config: Pick<Config, 'dataDir' | 'diskReserveBytes' | 'clickhouse'>,
  logger: Logger,
  metrics?: Metrics,
): Promise<Store> {
  const { url, database, user, password } = config.clickhouse
  // Imported on demand: the engine is half a gigabyte, and most commands and roles do not use it.
  if (url !== '') return (await import('./server.ts')).openServer({ url, database, user, password }, logger)
  const dataDir = join(config.dataDir, 'clickhouse')
  const reserve = openReserve({ folders: [dataDir], bytes: config.diskReserveBytes, ...(metrics && { metrics }) })
  return (await import('./embedded.ts')).openEmbedded({ dataDir, database, reserve })
}
