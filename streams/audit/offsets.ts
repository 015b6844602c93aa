import type { PartitionEnd } from '../../platform/audit.ts'
import type { Query, Store } from '../../platform/clickhouse/index.ts'
import type { TopicName } from '../../schemas/topics.ts'
import { keptOffsets } from './expiry.ts'
import {
  accounts,
  deadOffsets,
  GAPS,
  inLedger,
  params,
  range,
  raw,
  removed,
  stretches,
  unaccounted,
  within,
  type Kept,
  type Place,
} from './sets.ts'

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
export async function auditPartition(store: Store, place: Place, now: number): Promise<PartitionReport> {
  const kept = await keptOffsets(store, place, now)
  const sets = await readSets(store, place, kept)
  const accounted = plus(plus(sets.landed, sets.dead), sets.gaps)
  const wrong = [
    ...(same(accounted, sets.expected)
      ? []
      : [`${sets.expected.rows} offsets, ${accounted.rows} accounted for as landed, dead or lost`]),
    ...(same(plus(sets.raw, sets.removed), sets.kept)
      ? []
      : [`${sets.kept.rows} landed by the ledger, ${sets.raw.rows} in raw and ${sets.removed.rows} removed`]),
  ]
  const faults = wrong.length === 0 ? [] : [...wrong, await firstFaults(store, place, kept)]
  return {
    ...place,
    landed: Number(sets.landed.rows),
    dead: Number(sets.dead.rows),
    gaps: Number(sets.gaps.rows),
    expired: Number(sets.landed.rows - sets.kept.rows),
    erased: Number(sets.removed.rows),
    faults,
  }
}

type SetName = 'landed' | 'dead' | 'gaps' | 'expected' | 'removed' | 'kept' | 'raw'

async function readSets(store: Store, place: Place, { from, except }: Kept): Promise<Record<SetName, OffsetSet>> {
  const set = (sql: string, first = place.start): Promise<OffsetSet> =>
    oneSet(store, { sql, params: params(place, first) })
  const offsets = (sql: string): string => `SELECT ${FINGERPRINT} FROM (${sql})`
  return {
    landed: await set(batchesOf(inLedger())),
    dead: await set(offsets(deadOffsets(place.topic))),
    gaps: await set(offsets(GAPS)),
    expected: await set(offsets(range())),
    removed: await set(offsets(removed(except)), from),
    kept: await set(batchesOf(inLedger(except)), from),
    raw: await set(offsets(raw(place.topic, except)), from),
  }
}

/** The offsets of the ledger's batches, as one set. */
const batchesOf = (condition: string): string =>
  `SELECT toString(sum(l.rows)) AS rows, toString(sum(offset_sum)) AS sum, toString(groupBitXor(offset_xor)) AS xor FROM sink_ledger_v1 AS l WHERE ${condition}`

async function oneSet(store: Store, query: Query): Promise<OffsetSet> {
  const [row] = await store.rows<{ rows: string; sum: string; xor: string }>(query)
  return row === undefined ? NONE : { rows: BigInt(row.rows), sum: BigInt(row.sum), xor: BigInt(row.xor) }
}

/** Whether the ledger has exactly the rows of raw and those removed on purpose, wherever they cannot have expired. */
export async function ledgerHolds(store: Store, place: Place, kept: Kept): Promise<boolean> {
  const sets = await readSets(store, place, kept)
  return same(plus(sets.raw, sets.removed), sets.kept)
}

/** Whether raw, dead letters, gaps and removed rows account for each of these offsets once. */
export async function addsUp(store: Store, place: Place, { from, except }: Kept): Promise<boolean> {
  return (await store.rows({ sql: stretches(place, except, 1), params: params(place, from) })).length === 0
}

/** Number of offsets shown for a fault. */
const SHOWN = 5

/**
 * Finds the wrong offsets: in the first stretch in which raw, dead letters, gaps and removed rows do not add up to the
 * log.
 */
async function firstFaults(store: Store, place: Place, { from, except }: Kept): Promise<string> {
  const [wrong] = await store.rows<{ stretch: string }>({
    sql: stretches(place, except, 1),
    params: params(place, from),
  })
  if (wrong === undefined) return 'raw and dead letters make up the log: the ledger itself is wrong'
  const part = within(place, from, Number(wrong.stretch))
  const list = async (what: string, sql: string): Promise<string[]> => {
    const rows = await store.rows<{ _offset: string }>({
      sql: `${sql} ORDER BY _offset LIMIT ${SHOWN}`,
      params: params(part.place, part.from),
    })
    return rows.length === 0 ? [] : [`${what}: ${rows.map(({ _offset }) => _offset).join(', ')}`]
  }
  const [landed = '', ...others] = accounts(place.topic, except)
  return [
    ...(await list('neither landed nor dead', unaccounted(place.topic, except))),
    ...(await list('landed twice', `SELECT _offset FROM (${landed}) GROUP BY _offset HAVING count() > 1`)),
    ...(await list(
      'landed and also dead, lost or removed',
      `SELECT DISTINCT _offset FROM (${landed}) WHERE _offset IN (${others.join(' UNION ALL ')})`,
    )),
  ].join('; ')
}
