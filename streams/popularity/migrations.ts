import type { Migration } from '../../platform/clickhouse/migrate.ts'
import { domainBlocks, domainMigration } from '../touched/index.ts'
import { titleHour } from './domain.ts'

/** Must follow those of the landing tables and of streams/touched. */
export const migrations: readonly Migration[] = [domainMigration(titleHour), domainBlocks(titleHour)]
