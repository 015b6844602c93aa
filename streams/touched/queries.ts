import { pastCut, type AggregateAudit, type Cut } from '../../platform/audit.ts'
import type { Query } from '../../platform/clickhouse/port.ts'
import type { Slice } from '../../platform/clickhouse/slices.ts'
import { landingTable } from '../../schemas/topics.ts'
import { IN_BLOCKS, type Blocks } from './cursor.ts'
import { ERASURE_MARKS, eventColumns } from './ddl.ts'
import { eventsTable, keyList, stateTable, type LeastEvent, type TouchedDomain } from './domain.ts'

/** Blocks of the index, and those of `erasure_mark_v1` whose profiles are recomputed with them. */
export interface Batch extends Blocks {
  readonly erased?: Blocks
}

const paramsOf = ({ after, upTo, erased }: Batch): NonNullable<Query['params']> => ({
  after,
  upTo,
  ...(erased === undefined ? {} : { erasedAfter: erased.after, erasedUpTo: erased.upTo }),
})

/** SQL: a 64-bit hash of a key. */
const hashOf = (domain: TouchedDomain): string => `sipHash64(${keyList(domain)})`

const landedRows = (domain: TouchedDomain): string => `${eventsTable(domain)} WHERE NOT is_erasure AND ${IN_BLOCKS}`
const hashed = (domain: TouchedDomain): string => `${hashOf(domain)} IN {hashes:Array(UInt64)}`

/**
 * Keys of a batch: all that it touched, or those of them with these hashes; and all keys of the profiles that asked to
 * be erased. Finding these reads the whole index.
 */
const touchedKeys = (domain: TouchedDomain, { erased }: Batch, hashes?: readonly string[]): string =>
  `SELECT ${keyList(domain)} FROM ${landedRows(domain)}${hashes === undefined ? '' : ` AND ${hashed(domain)}`}${erased === undefined ? '' : ` UNION DISTINCT ${keysOfErased(domain)}`}`

/** Recomputes keys and replaces those whose version grew; repeating it changes nothing. */
export function recomputeTouched(domain: TouchedDomain, batch: Batch, hashes?: readonly string[]): Query {
  const keys = keyList(domain)
  const touched = touchedKeys(domain, batch, hashes)
  const values = domain.values.map(({ name }) => name)
  return {
    sql: `INSERT INTO ${stateTable(domain)} (${[keys, ...values].join(', ')}, version)
      SETTINGS insert_deduplicate = 0, max_block_size = 65536
      WITH touched AS (${touched}),
      ${recomputation(domain, `(SELECT * FROM ${eventsTable(domain)} WHERE NOT is_erasure AND (${keys}) IN touched)`)}
      SELECT ${[...domain.keys, ...domain.values].map(({ name }) => `r.${name}`).join(', ')}, r.version
      FROM recomputed AS r
      LEFT ANY JOIN (SELECT ${keys}, max(version) AS version FROM ${stateTable(domain)} WHERE (${keys}) IN touched GROUP BY ${keys}) AS s USING (${keys})
      WHERE r.version > s.version`,
    params: { ...paramsOf(batch), hashes: hashes ?? [] },
  }
}

/**
 * Writes the state of keys whose only rows are in these blocks: all keys of the blocks, or those with these hashes.
 */
export function recomputeFresh(domain: TouchedDomain, { after, upTo }: Blocks, hashes?: readonly string[]): Query {
  const columns = [...[...domain.keys, ...domain.values].map(({ name }) => name), 'version'].join(', ')
  return {
    sql: `INSERT INTO ${stateTable(domain)} (${columns})
      SETTINGS insert_deduplicate = 0, max_block_size = 65536
      WITH ${recomputation(domain, `(SELECT * FROM ${landedRows(domain)}${hashes === undefined ? '' : ` AND ${hashed(domain)}`})`)}
      SELECT ${columns} FROM recomputed`,
    params: { after, upTo, hashes: hashes ?? [] },
  }
}

/** The state of keys from these rows of the index alone, such as those before some place of the log. */
export const recomputeFrom = (domain: TouchedDomain, rows: string): string =>
  `WITH ${recomputation(domain, `(SELECT * FROM ${eventsTable(domain)} WHERE NOT is_erasure AND ${rows})`)}
    SELECT ${[...domain.keys, ...domain.values].map(({ name }) => name).join(', ')}, version FROM recomputed`

/** Rows of these blocks in the format of known.ts. Flagged: rows of profiles that ever asked to be erased. */
export const rowsToJudge = (domain: TouchedDomain, { group, mark }: LeastEvent, { after, upTo }: Blocks): Query => ({
  sql: `SELECT ${hashOf(domain)} AS hash, toFloat64(at_ms), ${group}, ${mark}, toUInt64((clock, profile_id) IN (SELECT clock, profile_id FROM erasures_v1)) FROM ${landedRows(domain)}`,
  params: { after, upTo },
})

const states = (domain: TouchedDomain, { at, group, mark, several }: LeastEvent): string =>
  `SELECT ${hashOf(domain)} AS hash, if(${domain.shown}, toFloat64(${at}), inf), ${group}, ${mark}, toUInt64(${several}) FROM ${stateTable(domain)} FINAL`

/** The state of all keys of a slice in the format of known.ts. */
export const statesInSlice = (domain: TouchedDomain, least: LeastEvent, { of, at }: Slice): Query => ({
  sql: `${states(domain, least)} WHERE ${hashOf(domain)} % ${of} = ${at}`,
})

/** The state of a batch's keys in the same format. */
export const statesTouched = (
  domain: TouchedDomain,
  least: LeastEvent,
  batch: Batch,
  hashes?: readonly string[],
): Query => ({
  sql: `${states(domain, least)} WHERE (${keyList(domain)}) IN (${touchedKeys(domain, batch, hashes)})`,
  params: { ...paramsOf(batch), hashes: hashes ?? [] },
})

/** Number of rows of the state, including older versions. */
export const stateCount = (domain: TouchedDomain): string =>
  `SELECT toFloat64(count()) AS rows FROM ${stateTable(domain)}`

/** A tombstone touches every key of its profile. Not read from the landing table, whose rows may already be deleted. */
const keysOfErased = (domain: TouchedDomain): string =>
  `SELECT ${keyList(domain)} FROM ${eventsTable(domain)}
    WHERE NOT is_erasure AND (clock, profile_id) IN (SELECT clock, profile_id FROM ${ERASURE_MARKS} WHERE ${IN_BLOCKS.replaceAll('{after:', '{erasedAfter:').replaceAll('{upTo:', '{erasedUpTo:')})`

/**
 * Named queries that lead from index rows to final values. `events` marks one row of each event as live (the one with
 * the least place in the log, unless its profile was erased since); `recomputed` is the domain's own query.
 *
 * A row weighs 1, an erased one 2, and a key's version is the sum. It grows with every row that can change the result,
 * and equal sets of rows give equal versions, on any machine and in any order.
 */
function recomputation(domain: TouchedDomain, rows: string): string {
  const columns = [...domain.keys, ...domain.facts].map(({ name }) => `i.${name} AS ${name}`).join(', ')
  return `tombstones AS (SELECT clock, profile_id, max(until_ms) AS until_ms, 1 AS hit FROM erasures_v1 GROUP BY clock, profile_id),
      events AS (
        SELECT ${columns}, i.event_id AS event_id, i.profile_id AS profile_id, i.at_ms AS at_ms,
          t.hit = 1 AND i.at_ms < t.until_ms AS erased, i.copy = 1 AND NOT erased AS live, 1 + erased AS weight
        FROM (SELECT *, row_number() OVER (PARTITION BY ${keyList(domain)}, event_id ORDER BY _partition, _offset) AS copy FROM ${rows}) AS i
        LEFT ANY JOIN tombstones AS t USING (clock, profile_id)
      ),
      recomputed AS (${domain.recompute.replace('{events}', 'events')})`
}

/** One id with several payloads: the first copy stays, the others are client faults. */
export interface IdReuse {
  readonly event_id: string
  readonly partition: number
  readonly offset: number
  readonly first_partition: number
  readonly first_offset: number
}

/** Maximum number in one answer. */
export const MAX_REUSES = 1_000

/**
 * Rows of these blocks that carry an id that an earlier place in the log uses for another payload. Sorted by
 * place, starting after `past`.
 */
export const idReuse = (
  domain: TouchedDomain,
  { after, upTo }: Blocks,
  past: Pick<IdReuse, 'partition' | 'offset'> = { partition: -1, offset: -1 },
): Query => ({
  sql: `SELECT lower(hex(event_id)) AS event_id, toInt32(_partition) AS partition, toFloat64(_offset) AS offset,
      toInt32(first.1) AS first_partition, toFloat64(first.2) AS first_offset
    FROM (SELECT event_id, _partition, _offset, payload, _block_number AS block,
        argMin(payload, (_partition, _offset)) OVER ids AS first_payload, min((_partition, _offset)) OVER ids AS first
      FROM ${eventsTable(domain)}
      WHERE event_id IN (SELECT event_id FROM ${eventsTable(domain)} WHERE ${IN_BLOCKS})
      WINDOW ids AS (PARTITION BY event_id))
    WHERE payload != first_payload AND block > {after:UInt64} AND block <= {upTo:UInt64} AND (_partition, _offset) > ({pastPartition:Int32}, {pastOffset:Int64})
    ORDER BY partition, offset LIMIT ${MAX_REUSES}`,
  params: { after, upTo, pastPartition: past.partition, pastOffset: past.offset },
})

/**
 * Audit of a domain: compares its visible rows with the same recomputation directly from the landing table, without the
 * index.
 */
export function touchedAudit(domain: TouchedDomain): AggregateAudit {
  const keys = keyList(domain)
  const columns = [keys, ...domain.values.map(({ name }) => name)].join(', ')
  const landing = landingTable(domain.topic)
  const keysPast = (cut: Cut): string =>
    `(SELECT ${domain.keys.map(({ from }) => from).join(', ')} FROM ${landing} AS e WHERE (${domain.touches}) AND ${pastCut(cut, domain.topic)})`
  return {
    name: stateTable(domain),
    keys: domain.keys.map(({ name }) => name),
    stored: (cut) => ({
      sql: `SELECT ${columns} FROM ${stateTable(domain)} FINAL WHERE (${domain.shown}) AND (${keys}) NOT IN ${keysPast(cut)} ORDER BY ${keys}`,
    }),
    recomputed: (cut) => ({
      sql: `WITH ${recomputation(domain, `(SELECT ${eventColumns(domain)} FROM ${landing} AS e WHERE ${domain.touches})`)}
        SELECT ${columns} FROM recomputed WHERE (${domain.shown}) AND (${keys}) NOT IN ${keysPast(cut)} ORDER BY ${keys}`,
    }),
  }
}
