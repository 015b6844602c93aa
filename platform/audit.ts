import type { Query } from './clickhouse/port.ts'

/** Committed end of one partition: every offset below `end` has been dealt with. */
export interface PartitionEnd {
  readonly topic: string
  readonly partition: number
  /** First offset the audit answers for; 0 unless the log was older than this store. */
  readonly start: number
  /** First offset it does not answer for. */
  readonly end: number
}

/** A fixed cut through the log: offsets committed at one moment. */
export type Cut = readonly PartitionEnd[]

/**
 * Of a cut, and of the rows whose keys meet a condition in SQL: for queries into which the engine cannot push it by
 * itself.
 */
export type AuditQuery = Query | ((cut: Cut, within: string) => Query)

/**
 * How an aggregate is proved: what is stored must equal what follows from the raw events.
 *
 * Both queries give the same columns under the same names, finalised (no states, no versions), in the same order, a
 * total one, so that equal tables are equal bytes. A store that goes on taking events is compared at a cut: both sides
 * leave out the keys that an event at or past the cut touched.
 */
export interface AggregateAudit {
  /** The stored table, such as 'title_hour_v1'. */
  readonly name: string
  /** Columns that identify a row, of both queries: the proof is cut by them into slices that fit into memory. */
  readonly keys: readonly string[]
  /** Rows in a slice, where they are dearer to recompute than most. */
  readonly sliceRows?: number
  readonly stored: AuditQuery
  readonly recomputed: AuditQuery
}

/** SQL: is the row at or past the cut? For tables with `_partition` and `_offset` that hold one topic. */
export function pastCut(cut: Cut, topic: string): string {
  const ends = cut.filter((end) => end.topic === topic)
  const sql = ends.map(({ partition, end }) => `(_partition = ${partition} AND _offset >= ${end})`)
  const known = ends.length === 0 ? '1' : `_partition NOT IN (${ends.map(({ partition }) => partition).join(', ')})`
  return `(${[...sql, known].join(' OR ')})`
}
