import type { Query } from './clickhouse/port.ts'

/** Committed end of one partition: every offset below `end` has been processed. */
export interface PartitionEnd {
  readonly topic: string
  readonly partition: number
  /** First offset that the audit covers; 0 unless the log is older than this store. */
  readonly start: number
  /** First offset that the audit no longer covers. */
  readonly end: number
}

/** A consistent cut through the log: the offsets committed at one moment. */
export type Cut = readonly PartitionEnd[]

/**
 * A query, or a function that builds one from a cut and an SQL condition on the keys. The function is for queries into
 * which the engine cannot push the condition itself.
 */
export type AuditQuery = Query | ((cut: Cut, within: string) => Query)

/**
 * Audit of an aggregate: the stored rows must equal the rows recomputed from the raw events.
 *
 * Both queries return the same columns under the same names, finalised (no aggregate states, no versions), in the same
 * total order, so that equal tables are equal bytes. A store that keeps receiving events is compared at a cut: both
 * sides leave out the keys touched by an event at or past the cut.
 */
export interface AggregateAudit {
  /** The stored table, such as 'title_hour_v1'; if the audit has a part of its rows, the table and the part's name. */
  readonly name: string
  /** What stands after FROM to read the stored rows: a table, and a condition if need be; by default `name`. */
  readonly table?: string
  /**
   * Columns that identify a row in both queries. The audit uses them to split the rows into slices that fit in memory.
   */
  readonly keys: readonly string[]
  /**
   * The text column that stored and raw tables are sorted by, if any: slices are then ranges of it, and each reads only
   * its part of the tables.
   */
  readonly sortedBy?: string
  /** Rows in a slice, if they are more expensive to recompute than usual. */
  readonly sliceRows?: number
  readonly stored: AuditQuery
  readonly recomputed: AuditQuery
}

/** SQL condition: the row is at or past the cut. For tables with `_partition` and `_offset` that hold one topic. */
export function pastCut(cut: Cut, topic: string): string {
  const ends = cut.filter((end) => end.topic === topic)
  const sql = ends.map(({ partition, end }) => `(_partition = ${partition} AND _offset >= ${end})`)
  const known = ends.length === 0 ? '1' : `_partition NOT IN (${ends.map(({ partition }) => partition).join(', ')})`
  return `(${[...sql, known].join(' OR ')})`
}
