import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import { openEmbedded } from './embedded.ts'
import { openServer } from './server.ts'
import type { Store } from './port.ts'

export { migrate, type Migration } from './migrate.ts'
export { StoreError, type AvroInsert, type Query, type SqlParams, type SqlValue, type Store } from './port.ts'

/**
 * The store of a configuration: a server where CLICKHOUSE_URL names one, else the embedded engine in the data folder.
 */
export async function openStore(config: Pick<Config, 'dataDir' | 'clickhouse'>, logger: Logger): Promise<Store> {
  const { url, database, user, password } = config.clickhouse
  if (url !== '') return openServer({ url, database, user, password }, logger)
  return openEmbedded({ dataDir: join(config.dataDir, 'clickhouse'), database })
}
