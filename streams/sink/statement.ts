import { WRAPPER_VERSION } from './intent.ts'

/** What a part of a batch is called: the same name for the same rows, for ever. */
export interface PartName {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  /** Identity of the writer schema: the token ignores content, and two schemas of one range are two inserts. */
  readonly fingerprint: string
  /** Only the rows that could be walked: what the walk refused is left out. */
  readonly sifted?: boolean
  /** Rows [from, to) of the part, when it was bisected; absent = all. */
  readonly rows?: { readonly from: number; readonly to: number } | undefined
}

export function dedupToken({ topic, partition, start, end, fingerprint, sifted = false, rows }: PartName): string {
  return `v${WRAPPER_VERSION}-${topic}-${partition}-${start}-${end}-${fingerprint}${sifted ? '-w' : ''}${rows === undefined ? '' : `-r${rows.from}.${rows.to}`}`
}

/** Where the columns of a writer schema go. */
export interface LandingTarget {
  readonly table: string
  /** Columns that the writer schema and the table share. */
  readonly columns: readonly string[]
}

/**
 * The insert of one part. Everything that decides about duplicates, leases and blocks stands in the text:
 * client settings would stick to the connection.
 *
 * - one insert is one block: `max_block_size` is the batch (the reader reserves that much of every column, so no more
 *   either), the squashing limits lie above any batch, one thread;
 * - `frame`: the offset at the end of each datum must equal the one before it;
 * - `lease`: a zombie that wakes after its lease writes nothing. `nowInBlock64` is read when the block has come whole,
 *   `now64` would be when the statement began: a process frozen while it sends the block would pass;
 * - a foreign producer's log times may lie anywhere: a block of more than a hundred months would be refused for ever.
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
