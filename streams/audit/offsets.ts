import type { PartitionEnd } from '../../platform/audit.ts'
import type { Query, Store } from '../../platform/clickhouse/index.ts'
import { DAY_MS } from '../../platform/time.ts'
import { landingTable, TOPICS, type TopicName } from '../../schemas/topics.ts'

/**
 * The fingerprint of a set of offsets: count, sum and the xor of hashes. A missing, duplicate or swapped offset changes
 * at least one of them.
 */
export interface OffsetSet {
  readonly rows: bigint
  readonly sum: bigint
  readonly xor: bigint
}

export const FINGERPRINT =
  'toString(count()) AS rows, toString(sum(_offset)) AS sum, toString(groupBitXor(cityHash64(_offset))) AS xor'

export interface PartitionReport extends PartitionEnd {
  readonly topic: TopicName
  readonly landed: number
  readonly dead: number
  /** Offsets that an operator accepted as lost; see the sink's gaps. */
  readonly gaps: number
  /** Landed rows that the TTL may have removed from raw: only the ledger has them. */
  readonly expired: number
  /** Landed rows that were erased on purpose. */
  readonly erased: number
  /** Faults with the first offsets concerned; empty = every offset below the end is accounted for once. */
  readonly faults: readonly string[]
}

const NONE: OffsetSet = { rows: 0n, sum: 0n, xor: 0n }
const plus = (a: OffsetSet, b: OffsetSet): OffsetSet => ({
  rows: a.rows + b.rows,
  sum: a.sum + b.sum,
  xor: a.xor ^ b.xor,
})
const same = (a: OffsetSet, b: OffsetSet): boolean => a.rows === b.rows && a.sum === b.sum && a.xor === b.xor

/**
 * Checks that the offsets of [start, end) are landed + dead + gaps, each once, and that raw has the rows of the ledger
 * wherever they cannot have expired.
 */
export async function auditPartition(
  store: Store,
  place: PartitionEnd & { readonly topic: TopicName },
  now: number,
): Promise<PartitionReport> {
  const set = (query: Query): Promise<OffsetSet> => oneSet(store, query)
  const expiry = await expiryBoundary(store, place, now)
  const [landed, dead, gaps, expected, removed, kept, raw] = [
    await set(ledger(place, place.start)),
    await set(deadLetters(place)),
    await set(gapsOf(place)),
    await set(wholeRange(place)),
    await set(removals(place, expiry)),
    await set(ledger(place, expiry)),
    await set(rawOffsets(place, expiry)),
  ]
  const accounted = plus(plus(landed, dead), gaps)
  const wrong = [
    ...(same(accounted, expected)
      ? []
      : [`${expected.rows} offsets, ${accounted.rows} accounted for as landed, dead or lost`]),
    ...(same(plus(raw, removed), kept)
      ? []
      : [`${kept.rows} landed by the ledger, ${raw.rows} in raw and ${removed.rows} removed`]),
  ]
  const faults = wrong.length === 0 ? [] : [...wrong, await firstFaults(store, place, expiry)]
  return {
    ...place,
    landed: Number(landed.rows),
    dead: Number(dead.rows),
    gaps: Number(gaps.rows),
    expired: Number(landed.rows - kept.rows),
    erased: Number(removed.rows),
    faults,
  }
}

async function oneSet(store: Store, query: Query): Promise<OffsetSet> {
  const [row] = await store.rows<{ rows: string; sum: string; xor: string }>(query)
  return row === undefined ? NONE : { rows: BigInt(row.rows), sum: BigInt(row.sum), xor: BigInt(row.xor) }
}

type Place = PartitionEnd & { readonly topic: TopicName }
const params = ({ topic, partition, start, end }: Place, from = start): Query['params'] & object => ({
  topic,
  partition,
  from,
  end,
})

/** Offsets that landed from `from` on, according to the sink's ledger. */
const ledger = (place: Place, from: number): Query => ({
  sql: `SELECT toString(sum(l.rows)) AS rows, toString(sum(offset_sum)) AS sum, toString(groupBitXor(offset_xor)) AS xor FROM sink_ledger_v1 AS l
    WHERE topic = {topic:String} AND partition = {partition:Int32} AND min_offset >= {from:Int64} AND max_offset < {end:Int64}`,
  params: params(place, from),
})

/** A repeated dead letter counts once; a dead letter about a landed event (its id was used before) does not count. */
const deadOffsets = ({ topic }: Place): string =>
  topic === 'dead.letters'
    ? 'SELECT DISTINCT offset AS _offset FROM dead_letters_local_v1 WHERE partition = {partition:Int32} AND offset >= {from:Int64} AND offset < {end:Int64}'
    : `SELECT DISTINCT source_offset AS _offset FROM dead_letters WHERE source_topic = {topic:String} AND source_partition = {partition:Int32}
      AND source_offset >= {from:Int64} AND source_offset < {end:Int64} AND step != 'identity'`

const deadLetters = (place: Place): Query => ({
  sql: `SELECT ${FINGERPRINT} FROM (${deadOffsets(place)})`,
  params: params(place),
})

const GAPS = `SELECT DISTINCT arrayJoin(range(greatest(first_offset, {from:Int64}), least(last_offset + 1, {end:Int64}))) AS _offset FROM sink_holes_v1
  WHERE topic = {topic:String} AND partition = {partition:Int32} AND last_offset >= {from:Int64} AND first_offset < {end:Int64}`

const gapsOf = (place: Place): Query => ({ sql: `SELECT ${FINGERPRINT} FROM (${GAPS})`, params: params(place) })

const RANGE =
  'SELECT {from:Int64} + toInt64(number) AS _offset FROM numbers(toUInt64(greatest({end:Int64} - {from:Int64}, 0)))'

const wholeRange = (place: Place): Query => ({ sql: `SELECT ${FINGERPRINT} FROM (${RANGE})`, params: params(place) })

const REMOVED = `SELECT DISTINCT offset AS _offset FROM audit_removed_v1
  WHERE topic = {topic:String} AND partition = {partition:Int32} AND offset >= {from:Int64} AND offset < {end:Int64}`

const removals = (place: Place, from: number): Query => ({
  sql: `SELECT ${FINGERPRINT} FROM (${REMOVED})`,
  params: params(place, from),
})

const rawSql = ({ topic }: Place): string =>
  `SELECT _offset FROM ${landingTable(topic)} WHERE _partition = {partition:Int32} AND _offset >= {from:Int64} AND _offset < {end:Int64}`

const rawOffsets = (place: Place, from: number): Query => ({
  sql: `SELECT ${FINGERPRINT} FROM (${rawSql(place)})`,
  params: params(place, from),
})

/**
 * First offset from which raw must still have every landed row. A batch spans at most the log's retention, so a batch
 * whose newest row is older than the TTL minus the retention (and a day) may have lost rows to the TTL.
 */
async function expiryBoundary(store: Store, place: Place, now: number): Promise<number> {
  const { keepDays, retentionMs } = TOPICS[place.topic]
  if (keepDays === undefined) return place.start
  const youngest = now - keepDays * DAY_MS + retentionMs + DAY_MS
  let boundary = await nextOffset(store, place, {
    sql: 'received_until < fromUnixTimestamp64Milli({bound:Int64})',
    bound: youngest,
  })
  // Batches of two schemas interleave, so a batch that crosses the boundary moves it.
  for (;;) {
    const further = await nextOffset(store, place, { sql: 'min_offset < {bound:Int64}', bound: boundary })
    if (further <= boundary) return boundary
    boundary = further
  }
}

async function nextOffset(store: Store, place: Place, { sql, bound }: { sql: string; bound: number }): Promise<number> {
  const [row] = await store.rows<{ next: string }>({
    sql: `SELECT if(count() = 0, {from:Int64}, greatest(max(max_offset) + 1, {from:Int64})) AS next FROM sink_ledger_v1
      WHERE topic = {topic:String} AND partition = {partition:Int32} AND max_offset < {end:Int64} AND ${sql}`,
    params: { ...params(place), bound },
  })
  return Number(row?.next ?? place.start)
}

/** Number of offsets shown for a fault. */
const SHOWN = 5
/** A fault is searched for in ranges of this many offsets: sets stay small, however long the log is. */
const STRETCH = 65_536

/**
 * Finds the wrong offsets: in the first range in which raw, dead letters, gaps and removed rows do not add up to the
 * log.
 */
async function firstFaults(store: Store, place: Place, from: number): Promise<string> {
  const parts = [rawSql(place), deadOffsets(place), GAPS, REMOVED]
  const [stretch] = await store.rows<{ stretch: string }>({
    sql: `SELECT intDiv(_offset, ${STRETCH}) AS stretch FROM (
        SELECT 1 AS side, _offset FROM (${RANGE}) ${parts.map((part) => `UNION ALL SELECT -1 AS side, _offset FROM (${part})`).join(' ')}
      ) GROUP BY stretch HAVING sum(side) != 0 OR sum(side * _offset) != 0 OR groupBitXor(cityHash64(_offset)) != 0 ORDER BY stretch LIMIT 1`,
    params: params(place, from),
  })
  if (stretch === undefined) return 'raw and dead letters make up the log: the ledger itself is wrong'
  const first = Math.max(from, Number(stretch.stretch) * STRETCH)
  const within = { ...place, end: Math.min(place.end, first - (first % STRETCH) + STRETCH) }
  const list = async (what: string, sql: string): Promise<string[]> => {
    const rows = await store.rows<{ _offset: string }>({
      sql: `${sql} ORDER BY _offset LIMIT ${SHOWN}`,
      params: params(within, first),
    })
    return rows.length === 0 ? [] : [`${what}: ${rows.map(({ _offset }) => _offset).join(', ')}`]
  }
  return [
    ...(await list(
      'neither landed nor dead',
      `SELECT _offset FROM (${RANGE}) WHERE ${parts.map((part) => `_offset NOT IN (${part})`).join(' AND ')}`,
    )),
    ...(await list('landed twice', `SELECT _offset FROM (${rawSql(place)}) GROUP BY _offset HAVING count() > 1`)),
    ...(await list(
      'landed and also dead, lost or removed',
      `SELECT DISTINCT _offset FROM (${rawSql(place)}) WHERE _offset IN (${parts.slice(1).join(' UNION ALL ')})`,
    )),
  ].join('; ')
}
