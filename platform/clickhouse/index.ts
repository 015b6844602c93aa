import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import type { Store } from './port.ts'

export { migrate, type Migration } from './migrate.ts'
export { StoreError, type AvroInsert, type Query, type SqlParams, type SqlValue, type Store } from './port.ts'

/**
 * The store of a configuration: a server where CLICKHOUSE_URL names one, else the embedded engine in the data folder.
 */
export async function openStore(config: Pick<Config, 'dataDir' | 'clickhouse'>, logger: Logger): Promise<Store> {
  const { url, database, user, password } = config.clickhouse
  // Loaded when used: the engine is half a gigabyte, and most commands and roles need none.
  if (url !== '') return (await import('./server.ts')).openServer({ url, database, user, password }, logger)
  return (await import('./embedded.ts')).openEmbedded({ dataDir: join(config.dataDir, 'clickhouse'), database })
}
