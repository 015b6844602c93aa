import type { PartitionEnd } from '../../platform/audit.ts'
import type { Query } from '../../platform/clickhouse/index.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'

/** A partition up to the cut. */
export type Place = PartitionEnd & { readonly topic: TopicName }

/** Offsets from `first` to `last`, both inclusive. */
export interface Run {
  readonly first: number
  readonly last: number
}

/** The offsets of a partition in which raw must still have every row: see expiry.ts. */
export interface Kept {
  readonly from: number
  /** Left out: rows whose log time is so wrong that they may have expired at once. */
  readonly except: readonly Run[]
}

export const params = ({ topic, partition, start, end }: Place, from = start): NonNullable<Query['params']> => ({
  topic,
  partition,
  from,
  end,
})

/** SQL condition: the offset is in none of the runs. */
export const outside = (column: string, runs: readonly Run[]): string =>
  runs.length === 0
    ? '1'
    : `NOT (${runs.map(({ first, last }) => `${column} BETWEEN ${first} AND ${last}`).join(' OR ')})`

/** All offsets of the range; the sets below say what became of each. */
export const range = (except: readonly Run[] = []): string =>
  `SELECT _offset FROM (SELECT {from:Int64} + toInt64(number) AS _offset FROM numbers(toUInt64(greatest({end:Int64} - {from:Int64}, 0)))) WHERE ${outside('_offset', except)}`

/** A repeated dead letter counts once; a dead letter about a landed event (its id was used before) does not count. */
export const deadOffsets = (topic: TopicName): string =>
  topic === 'dead.letters'
    ? 'SELECT DISTINCT offset AS _offset FROM dead_letters_local_v1 WHERE partition = {partition:Int32} AND offset >= {from:Int64} AND offset < {end:Int64}'
    : `SELECT DISTINCT source_offset AS _offset FROM dead_letters WHERE source_topic = {topic:String} AND source_partition = {partition:Int32}
      AND source_offset >= {from:Int64} AND source_offset < {end:Int64} AND step != 'identity'`

/** Offsets that an operator accepted as lost. */
export const GAPS = `SELECT DISTINCT arrayJoin(range(greatest(first_offset, {from:Int64}), least(last_offset + 1, {end:Int64}))) AS _offset FROM sink_holes_v1
  WHERE topic = {topic:String} AND partition = {partition:Int32} AND last_offset >= {from:Int64} AND first_offset < {end:Int64}`

/** Rows removed on purpose. */
export const removed = (except: readonly Run[] = []): string =>
  `SELECT DISTINCT offset AS _offset FROM audit_removed_v1
  WHERE topic = {topic:String} AND partition = {partition:Int32} AND offset >= {from:Int64} AND offset < {end:Int64} AND ${outside('offset', except)}`

export const raw = (topic: TopicName, except: readonly Run[] = []): string =>
  `SELECT _offset FROM ${landingTable(topic)} WHERE _partition = {partition:Int32} AND _offset >= {from:Int64} AND _offset < {end:Int64} AND ${outside('_offset', except)}`

/** SQL condition: a batch of the ledger is in the range. */
export const inLedger = (except: readonly Run[] = []): string =>
  `topic = {topic:String} AND partition = {partition:Int32} AND min_offset >= {from:Int64} AND max_offset < {end:Int64} AND ${outside('min_offset', except)}`

/** All sets that account for an offset. */
export const accounts = (topic: TopicName, except: readonly Run[]): readonly string[] => [
  raw(topic, except),
  `SELECT _offset FROM (${deadOffsets(topic)}) WHERE ${outside('_offset', except)}`,
  `SELECT _offset FROM (${GAPS}) WHERE ${outside('_offset', except)}`,
  removed(except),
]

/** Offsets are searched in stretches of this many: sets stay small, however long the log is. */
export const STRETCH = 65_536

/** The stretches in which the sets do not account for each offset once, in order. */
export const stretches = ({ topic }: Place, except: readonly Run[], limit: number): string =>
  `SELECT intDiv(_offset, ${STRETCH}) AS stretch FROM (
    SELECT 1 AS side, _offset FROM (${range(except)}) ${accounts(topic, except)
      .map((part) => `UNION ALL SELECT -1 AS side, _offset FROM (${part})`)
      .join(' ')}
  ) GROUP BY stretch HAVING sum(side) != 0 OR sum(side * _offset) != 0 OR groupBitXor(cityHash64(_offset)) != 0 ORDER BY stretch LIMIT ${limit}`

/** Offsets of the range that no set accounts for. */
export const unaccounted = (topic: TopicName, except: readonly Run[]): string =>
  `SELECT _offset FROM (${range(except)}) WHERE ${accounts(topic, except)
    .map((part) => `_offset NOT IN (${part})`)
    .join(' AND ')}`

/** A stretch of a place, as a place. */
export function within(place: Place, from: number, stretch: number): { readonly place: Place; readonly from: number } {
  const begin = stretch * STRETCH
  return { place: { ...place, end: Math.min(place.end, begin + STRETCH) }, from: Math.max(from, begin) }
}
