import type { AggregateAudit, Cut } from '../../platform/audit.ts'
import type { Query, Store } from '../../platform/clickhouse/index.ts'
import { renderParams } from '../../platform/clickhouse/params.ts'

export interface AggregateReport {
  readonly name: string
  readonly rows: number
  readonly storedHash: string
  readonly recomputedHash: string
  readonly equal: boolean
  /** The first rows that stand on one side only, or not as often: `stored` or `recomputed`, then the row. */
  readonly differences: readonly string[]
}

const SHOWN = 5

/**
 * Stored rows against recomputed ones. The hash is that of the rows as a multiset (count, sum and xor of each row's
 * SipHash), which equal tables in a total order share and which needs no memory for the sorting.
 */
export async function auditAggregate(store: Store, audit: AggregateAudit, cut: Cut): Promise<AggregateReport> {
  const text = (query: Query | ((cut: Cut) => Query)): string => renderParams(typeof query === 'function' ? query(cut) : query)
  const [stored, recomputed] = [text(audit.stored), text(audit.recomputed)]
  const [have, want] = [await hashOf(store, stored), await hashOf(store, recomputed)]
  const equal = have.hash === want.hash
  return {
    name: audit.name, rows: have.rows, storedHash: have.hash, recomputedHash: want.hash, equal,
    differences: equal ? [] : await differences(store, stored, recomputed),
  }
}

const ROW = 'toString(tuple(*))'

async function hashOf(store: Store, sql: string): Promise<{ rows: number; hash: string }> {
  const [row] = await store.rows<{ rows: number; hash: string }>(
    `SELECT toFloat64(count()) AS rows, concat(lower(hex(sum(h))), '-', lower(hex(groupBitXor(h))), '-', toString(count())) AS hash
    FROM (SELECT sipHash64(${ROW}) AS h FROM (${sql}))`)
  return row ?? { rows: 0, hash: '' }
}

async function differences(store: Store, stored: string, recomputed: string): Promise<string[]> {
  const rows = await store.rows<{ row: string; more: string }>(
    `SELECT row, sum(side) AS more FROM (
      SELECT ${ROW} AS row, 1 AS side FROM (${stored}) UNION ALL SELECT ${ROW} AS row, -1 AS side FROM (${recomputed})
    ) GROUP BY row HAVING more != 0 ORDER BY row, more DESC LIMIT ${SHOWN}`)
  return rows.map(({ row, more }) => `${Number(more) > 0 ? 'stored' : 'recomputed'} ${row}`)
}
