import type { Query, Store } from '../../platform/clickhouse/port.ts'

/**
 * How far a job has come in a table, by the engine's block numbers. A block gets its number at the moment it becomes
 * visible, under the table's lock: whoever has seen a number has seen every smaller one, however long an insert took
 * and wherever a clock was set to in between (docs/decisions/0033).
 *
 * Numbers begin anew when a table was emptied and the engine started again. So a cursor also keeps when its block
 * landed, and is verified before each use: a block that is gone, or another one under its number, sends the job back to
 * the table's first block, which changes nothing but costs time.
 */
export interface Cursor {
  /** Name of the job and of its work. */
  readonly work: string
  /** The last block that was processed; 0 = none. */
  readonly block: number
  /** Grows with every step, over such a new beginning too: `base` and the block. */
  readonly place: number
  readonly base: number
}

/** Blocks after `after` and not after `upTo`. */
export interface Blocks {
  readonly after: number
  readonly upTo: number
}

/** A block and its number of rows. */
export interface Block {
  readonly block: number
  readonly rows: number
  /** Landing time of its last row by the engine's clock, ms: tells blocks with one number apart. */
  readonly landed: number
}

/** Order: one row per work remains after merges. */
export const progressTable = `CREATE TABLE IF NOT EXISTS block_progress_v1 (work String, place UInt64, base UInt64, landed_ms Int64)
ENGINE = ReplacingMergeTree(place) ORDER BY work`

/**
 * The last block of a part, which its name tells: the engine then opens new parts alone. A merge keeps the numbers of
 * its rows, so a part may hold old rows beside new ones.
 */
const LAST = "toUInt64(splitByChar('_', _part)[3])"
const after = (block: string): string => `${LAST} > ${block} AND _block_number > ${block}`

/** SQL: rows of these blocks, given as the parameters `after` and `upTo`. */
export const IN_BLOCKS = `${after('{after:UInt64}')} AND _block_number <= {upTo:UInt64}`

/** SQL: the last block that a work has processed, without verification. */
export const blockOf = (work: string): string =>
  `(SELECT ifNull(argMax(p.place - p.base, p.place), 0) FROM block_progress_v1 AS p WHERE p.work = '${work}')`

/** The place of a work's cursor, without verification. */
export const placeOf = (work: string): Query => ({
  sql: 'SELECT toFloat64(max(p.place)) AS place FROM block_progress_v1 AS p WHERE p.work = {work:String}',
  params: { work },
})

const stored = (work: string, table: string): Query => ({
  sql: `WITH (SELECT (max(p.place), argMax(p.base, p.place), argMax(p.landed_ms, p.place)) FROM block_progress_v1 AS p WHERE p.work = {work:String}) AS known
    SELECT toFloat64(known.1) AS place, toFloat64(known.2) AS base,
      (SELECT count() > 0 FROM ${table} WHERE ${LAST} >= known.1 - known.2 AND _block_number = known.1 - known.2 AND toUnixTimestamp64Milli(landed_at) = known.3) AS stands`,
  params: { work },
})

/** Reads a work's cursor in a table. One that does not stand is put back to the table's beginning. */
export async function readCursor(store: Store, work: string, table: string): Promise<Cursor> {
  const [row] = await store.rows<{ place: number; base: number; stands: number }>(stored(work, table))
  const { place, base, stands } = row ?? { place: 0, base: 0, stands: 0 }
  if (stands === 1 || place === base) return { work, place, base, block: place - base }
  const anew = { work, place: place + 1, base: place + 1, block: 0 }
  await store.exec(save(anew, 0))
  return anew
}

/** The oldest blocks after a cursor. */
export const newBlocks = (store: Store, table: string, { block }: Pick<Cursor, 'block'>): Promise<Block[]> =>
  store.rows<Block>({
    sql: `SELECT toFloat64(_block_number) AS block, toFloat64(count()) AS rows, toFloat64(toUnixTimestamp64Milli(max(landed_at))) AS landed
      FROM ${table} WHERE ${after('{block:UInt64}')} GROUP BY block ORDER BY block LIMIT 256`,
    params: { block },
  })

/** The cursor behind a block. */
export const movedTo = (cursor: Cursor, { block }: Block): Cursor => ({
  ...cursor,
  block,
  place: cursor.base + block,
})

/** Moves a cursor behind a block. */
export const saveCursor = (cursor: Cursor, block: Block): Query => save(movedTo(cursor, block), block.landed)

const save = ({ work, place, base }: Cursor, landed: number): Query => ({
  sql: 'INSERT INTO block_progress_v1 (work, place, base, landed_ms) SETTINGS insert_deduplicate = 0 SELECT {work:String}, {place:UInt64}, {base:UInt64}, {landed:Int64}',
  params: { work, place, base, landed },
})

/**
 * Statements that let a table keep the numbers of its blocks when parts merge. A merge that began before would lose
 * them, so none may be under way.
 */
export const keepBlockNumbers = (table: string): string[] => [
  `SYSTEM STOP MERGES ${table}`,
  `ALTER TABLE ${table} MODIFY SETTING enable_block_number_column = 1`,
  `SYSTEM START MERGES ${table}`,
]

/**
 * A work's first cursor in a table whose rows were followed by their landing times before: behind the last block
 * without a row later than the `cursor` (SQL of ms). Its place continues from `base` (SQL).
 */
export const cursorFromTime = (work: string, table: string, cursor: string, base = '0'): string =>
  `INSERT INTO block_progress_v1 (work, place, base, landed_ms)
    WITH (SELECT minIf(_block_number, toUnixTimestamp64Milli(landed_at) > (${cursor})) FROM ${table}) AS open
    SELECT '${work}', (${base}) + max(_block_number), (${base}), argMax(toUnixTimestamp64Milli(landed_at), (_block_number, landed_at))
    FROM ${table} WHERE open = 0 OR _block_number < open`
