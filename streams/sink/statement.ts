import { WRAPPER_VERSION } from './intent.ts'

/** Identifies a part of a batch: the same rows always get the same name. */
export interface PartName {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  /** Fingerprint of the writer schema. The token ignores content, and two schemas in one range are two inserts. */
  readonly fingerprint: string
  /** True if rows that the Avro walk refused were left out. */
  readonly sifted?: boolean
  /** Rows [from, to) of the part if it was bisected; absent = all. */
  readonly rows?: { readonly from: number; readonly to: number } | undefined
}

export function dedupToken({ topic, partition, start, end, fingerprint, sifted = false, rows }: PartName): string {
  return `v${WRAPPER_VERSION}-${topic}-${partition}-${start}-${end}-${fingerprint}${sifted ? '-w' : ''}${rows === undefined ? '' : `-r${rows.from}.${rows.to}`}`
}

/** Where the columns of a writer schema are inserted. */
export interface LandingTarget {
  readonly table: string
  /** Columns that the writer schema and the table share. */
  readonly columns: readonly string[]
}

/**
 * The insert of one part. All settings for duplicates, leases and blocks are in the statement text, because client
 * settings would persist on the connection.
 *
 * - one insert is one block: `max_block_size` is the batch size (not larger, because the reader reserves that much for
 *   every column), the squashing limits are above any batch size, and there is one thread;
 * - `frame`: the offset after each datum must equal the one before it;
 * - `lease`: a zombie that wakes after its lease writes nothing. `nowInBlock64` is read when the block has arrived
 *   completely. `now64` is read when the statement starts, so a process frozen while it sends the block would pass;
 * - `max_partitions_per_insert_block = 0`: log times of a foreign producer can have any value, and a block that spans
 *   more than a hundred months would otherwise always be refused.
 */
export function insertStatement(
  target: LandingTarget,
  partition: number,
  token: string,
  leaseEnd: number,
  rows: number,
): string {
  const columns = target.columns.map((column) => `\`${column}\``).join(', ')
  const settings = [
    'async_insert = 0',
    'insert_deduplicate = 1',
    'deduplicate_blocks_in_dependent_materialized_views = 1',
    `insert_deduplication_token = '${token}'`,
    'max_threads = 1',
    'max_insert_threads = 1',
    `max_block_size = ${rows}`,
    'max_insert_block_size = 1048576',
    'min_insert_block_size_rows = 1048576',
    'min_insert_block_size_bytes = 4294967296',
    'use_structure_from_insertion_table_in_table_functions = 0',
    'max_partitions_per_insert_block = 0',
  ].join(', ')
  return `INSERT INTO ${target.table} (${columns}, _partition, _offset) SETTINGS ${settings}
SELECT ${columns}, toInt32(${partition}), _off FROM {source}
WHERE NOT ignore(throwIf(_end != _off, 'frame')) AND NOT ignore(throwIf(nowInBlock64(3) > fromUnixTimestamp64Milli(toInt64(${leaseEnd})), 'lease'))`
}
