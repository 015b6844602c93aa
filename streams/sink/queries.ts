import type { Query, Store } from '../../platform/clickhouse/port.ts'
import type { DeadLetter } from '../../schemas/generated/records.ts'

/**
 * Stores dead letters about dead letters in their own table. The token is the place in the log, so a repeat changes
 * nothing.
 */
export async function insertDeadLetters(store: Store, letters: readonly DeadLetter[]): Promise<void> {
  for (const letter of letters) await store.exec(localLetter(letter))
}

export function localLetter(letter: DeadLetter): Query {
  return {
    sql: `INSERT INTO dead_letters_local_v1 (partition, offset, error_code, error_message, raw, noticed_time)
SETTINGS async_insert = 0, insert_deduplication_token = 'local-${letter.source_partition}-${letter.source_offset}'
SELECT {partition:Int32}, {offset:Int64}, {code:String}, {message:String}, unhex({raw:String}), fromUnixTimestamp64Milli({time:Int64})`,
    params: {
      partition: letter.source_partition,
      offset: letter.source_offset,
      code: letter.error_code,
      message: letter.error_message,
      raw: Buffer.from(letter.raw).toString('hex'),
      time: letter.event_time,
    },
  }
}

export const appliedMigrations = (exists: boolean): string =>
  exists ? 'SELECT id FROM migrations' : "SELECT '' AS id WHERE 0"

export const tableExists = (name: string): Query => ({
  sql: 'SELECT toUInt32(count()) AS there FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
  params: { name },
})

export const columnsOf = (table: string): Query => ({
  sql: 'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}',
  params: { table },
})

/** Partitions of the log that rows have landed from. */
export const landedPartitions = (): string => 'SELECT DISTINCT topic, partition FROM sink_ledger_v1'

/** Size of each table's deduplication window, in tokens. */
export const dedupWindows = (): string =>
  `SELECT name, toUInt32OrZero(extract(engine_full, 'non_replicated_deduplication_window = (\\\\d+)')) AS window
FROM system.tables WHERE database = currentDatabase() AND engine_full != ''`

/** Enlarges a table's deduplication window; stored tokens are kept. */
export const widen = (table: string, window: number): string =>
  `ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = ${window}`

/** Views that fire on an insert: the table they read, the one they write, and what they select. */
export const viewTargets = (): string =>
  `SELECT as_select AS query, extract(as_select, 'FROM (?:\\\\w+\\\\.)?(\\\\w+)') AS source, extract(create_table_query, ' TO (?:\\\\w+\\\\.)?(\\\\w+)') AS target
FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView'`
