import type { AggregateAudit, AuditQuery, Cut } from '../../platform/audit.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { renderParams } from '../../platform/clickhouse/params.ts'
import { inRange, rangesOf } from '../../platform/clickhouse/ranges.ts'
import { inSlice, inSlices } from '../../platform/clickhouse/slices.ts'

export interface AggregateReport {
  readonly name: string
  readonly rows: number
  readonly storedHash: string
  readonly recomputedHash: string
  readonly equal: boolean
  /** The first rows that are on one side only, or in different numbers: `stored` or `recomputed`, then the row. */
  readonly differences: readonly string[]
}

const SHOWN = 5

/** Rows finalised at once: at 300 bytes each they stay below the memory at which a query spills to disk. */
const SLICE_ROWS = 200_000

/**
 * Rows as a multiset: count, sum and xor of each row's SipHash. Equal tables have equal values, slices add up, and no
 * sorting is needed.
 */
interface RowSet {
  readonly rows: number
  readonly sum: bigint
  readonly xor: bigint
}

/**
 * Compares stored with recomputed rows, a part of the keys at a time, so memory does not grow with the table: a range of
 * the column that the tables are sorted by, or a slice by hash. The
 * engine pushes the condition on the key below the grouping, so each slice groups only its own rows. A slice that costs
 * more than its row count suggests is halved.
 */
export async function auditAggregate(
  store: Store,
  audit: AggregateAudit,
  cut: Cut,
  sliceRows = audit.sliceRows ?? SLICE_ROWS,
): Promise<AggregateReport> {
  const { table = audit.name, sortedBy } = audit
  const [counted] = await store.rows<{ rows: number }>(`SELECT toFloat64(count()) AS rows FROM ${table}`)
  // An empty table is one slice too.
  const rows = Math.max(counted?.rows ?? 0, 1)
  let [have, want, differing] = [NONE, NONE, undefined as Sides | undefined]
  const compare = async (within: string): Promise<void> => {
    const sides = sidesOf(audit, cut, within)
    const [stored, recomputed] = [await rowSet(store, sides.stored), await rowSet(store, sides.recomputed)]
    if (hashOf(stored) !== hashOf(recomputed)) differing ??= sides
    have = plus(have, stored)
    want = plus(want, recomputed)
  }
  const ranges = sortedBy === undefined ? [{}] : await rangesOf(store, table, sortedBy, sliceRows)
  for (const range of ranges)
    await inSlices(Math.ceil(rows / ranges.length), sortedBy === undefined ? sliceRows : rows, (slice) =>
      compare(and(inRange(sortedBy ?? '', range), inSlice(audit.keys.join(', '), slice))),
    )
  return {
    name: audit.name,
    rows: have.rows,
    storedHash: hashOf(have),
    recomputedHash: hashOf(want),
    equal: differing === undefined,
    differences: differing === undefined ? [] : await differences(store, differing),
  }
}

interface Sides {
  readonly stored: string
  readonly recomputed: string
}

const and = (...conditions: readonly string[]): string => conditions.filter((each) => each !== '1').join(' AND ') || '1'

/** Both sides, limited to a part of the keys. */
function sidesOf({ stored, recomputed }: AggregateAudit, cut: Cut, within: string): Sides {
  const text = (query: AuditQuery): string => {
    const sql = renderParams(typeof query === 'function' ? query(cut, within) : query)
    return within === '1' ? sql : `SELECT * FROM (${sql}) WHERE ${within}`
  }
  return { stored: text(stored), recomputed: text(recomputed) }
}

const NONE: RowSet = { rows: 0, sum: 0n, xor: 0n }
const plus = (a: RowSet, b: RowSet): RowSet => ({
  rows: a.rows + b.rows,
  sum: BigInt.asUintN(64, a.sum + b.sum),
  xor: a.xor ^ b.xor,
})
const hashOf = ({ rows, sum, xor }: RowSet): string => `${sum.toString(16)}-${xor.toString(16)}-${rows}`

const ROW = 'toString(tuple(*))'

async function rowSet(store: Store, sql: string): Promise<RowSet> {
  const [row] = await store.rows<{ rows: number; sum: string; xor: string }>(
    `SELECT toFloat64(count()) AS rows, toString(sum(h)) AS sum, toString(groupBitXor(h)) AS xor FROM (SELECT sipHash64(${ROW}) AS h FROM (${sql}))`,
  )
  return row === undefined ? NONE : { rows: row.rows, sum: BigInt(row.sum), xor: BigInt(row.xor) }
}

async function differences(store: Store, { stored, recomputed }: Sides): Promise<string[]> {
  const rows = await store.rows<{ row: string; more: string }>(
    `SELECT row, sum(side) AS more FROM (
      SELECT ${ROW} AS row, 1 AS side FROM (${stored}) UNION ALL SELECT ${ROW} AS row, -1 AS side FROM (${recomputed})
    ) GROUP BY row HAVING more != 0 ORDER BY row, more DESC LIMIT ${SHOWN}`,
  )
  return rows.map(({ row, more }) => `${Number(more) > 0 ? 'stored' : 'recomputed'} ${row}`)
}
