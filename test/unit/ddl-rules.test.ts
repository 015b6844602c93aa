import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { allDomains, allMigrations } from '../../bin/composition.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { landingTable, TOPIC_NAMES } from '../../schemas/topics.ts'

const ROOT = join(import.meta.dirname, '../..')

/**
 * State functions whose result is the same bits for any order, split and repetition of the rows (measured;
 * docs/architecture.md, "One algebra").
 */
const IDEMPOTENT = [
  'max',
  'min',
  'groupUniqArray',
  'groupUniqArrayArray',
  'groupBitOr',
  'groupBitAnd',
  'uniqExact',
  'uniqCombined',
  'uniqCombined64',
  'maxMap',
  'minMap',
  'groupBitmap',
]
/** With the place in the log as tie-breaker only. */
const BY_PLACE = ['argMax', 'argMin']
/** Sums of whole numbers, where rows are distinct: in a recomputation, or in a view that counts log places. */
const SUMS = ['count', 'sum', 'sumMap', 'groupBitXor', 'quantileDD']
/**
 * Views that count places in the log, not events: an insert lands once by its token, and that count is what the audit
 * proves.
 */
const COUNTS_PLACES = /^sink_ledger_/
/**
 * Views an insert pays for: the ledger's and one of a domain; telemetry keeps minutes and sessions
 * (docs/decisions/0018-sessions-from-segments.md).
 */
const MAX_VIEWS = 2
/**
 * Some thousand a second at most, where telemetry has ten times that: a third view, for who is behind a unit and what
 * it did by day (docs/decisions/0021-outcomes-of-units.md).
 */
const RARER: readonly string[] = ['viewer.actions', 'experiment.exposures']
/**
 * A third view of telemetry that takes the records of one source alone: an insert of others pays for the comparison
 * (docs/decisions/0030-plain-cmcd-is-read-from-its-timeline.md).
 */
const OF_SOME_RECORDS: Readonly<Record<string, RegExp>> = { qoe_plain_minute_v1_mv: /WHERE source = 'cmcd'/ }
const VERSIONED = /_v\d+(_mv)?$/

interface Table {
  readonly name: string
  readonly engine: string
  readonly create_table_query: string
  readonly as_select: string
  readonly dependencies_table: readonly string[]
}

describe('all DDL of all modules', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-ddl-'))
  let store: Store
  let tables: Map<string, Table>
  let aggregates: Set<string>
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'playloop' })
    await migrate(store, allMigrations)
    const rows = await store.rows<Table>(
      "SELECT name, engine, create_table_query, as_select, dependencies_table FROM system.tables WHERE database = 'playloop'",
    )
    tables = new Map(rows.map((table) => [table.name, table]))
    aggregates = new Set(
      (await store.rows<{ name: string }>('SELECT name FROM system.functions WHERE is_aggregate')).map(({ name }) =>
        name.toLowerCase(),
      ),
    )
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const views = (): Table[] => [...tables.values()].filter(({ engine }) => engine === 'MaterializedView')
  const targetOf = ({ create_table_query }: Table): Table => {
    const name = /\bTO playloop\.`?(\w+)`?/.exec(create_table_query)?.[1] ?? ''
    return tables.get(name) ?? assert.fail(`no target in ${create_table_query}`)
  }

  it('is found: landing tables, their ledger, and views of domains', () => {
    for (const topic of TOPIC_NAMES) assert.ok(tables.has(landingTable(topic)), topic)
    assert.ok(views().length > TOPIC_NAMES.length)
  })

  it('keeps views and their targets apart by version, since a changed one would count a replay again', () => {
    for (const view of views()) {
      assert.match(view.name, VERSIONED)
      assert.match(targetOf(view).name, VERSIONED)
    }
  })

  it('remembers tokens on every landing table and every target of a view', () => {
    for (const { name, create_table_query } of [
      ...TOPIC_NAMES.map((topic) => tables.get(landingTable(topic))!),
      ...views().map(targetOf),
    ]) {
      const window = Number(/non_replicated_deduplication_window = (\d+)/.exec(create_table_query)?.[1] ?? 0)
      assert.ok(window >= 1_000, `${name} remembers ${window} inserts`)
    }
  })

  it('keeps the numbers of blocks in every table that a job walks by them', () => {
    const walked = ['erasure_mark_v1', 'unit_mark_v1', 'session_mark_v1']
    for (const name of [...walked, ...allDomains.map((domain) => `${domain.name}_events_v${domain.version}`)])
      assert.match(tables.get(name)!.create_table_query, /enable_block_number_column = (1|true)/, name)
  })

  it('makes an insert pay for two views at most, three where inserts are rare', () => {
    for (const topic of TOPIC_NAMES) {
      const dependents = tables
        .get(landingTable(topic))!
        .dependencies_table.filter((name) => !(OF_SOME_RECORDS[name]?.test(tables.get(name)!.as_select) ?? false))
      assert.ok(dependents.length <= MAX_VIEWS + Number(RARER.includes(topic)), `${topic}: ${dependents.join(', ')}`)
    }
  })

  it('uses in views only functions that any order and repetition of rows leaves alone', () => {
    for (const { name, as_select } of views()) {
      const allowed = COUNTS_PLACES.test(name) ? [...IDEMPOTENT, ...SUMS] : IDEMPOTENT
      assert.deepEqual(forbidden(as_select, allowed, aggregates), [], name)
    }
  })

  it('merges states only by such functions, and never sums by merging', () => {
    for (const target of views().map(targetOf)) {
      assert.doesNotMatch(target.engine, /^(Summing|Graphite|Coalescing|Collapsing)/, target.name)
      const states = [...target.create_table_query.matchAll(/AggregateFunction\((\w+)/g)].map(([, state]) => state!)
      assert.deepEqual(
        states.filter((state) => !IDEMPOTENT.includes(withoutCombinators(state, aggregates))),
        [],
        target.name,
      )
    }
  })

  it('recomputes whole numbers, and texts of the least event, by functions that do not depend on order', async () => {
    for (const domain of allDomains) {
      assert.deepEqual(forbidden(domain.recompute, [...IDEMPOTENT, ...SUMS], aggregates), [], domain.name)
      for (const { name, type } of domain.values)
        assert.match(
          type,
          /^U?Int\d+$|^(LowCardinality\()?String\)?$|^AggregateFunction\(|^Array\(Tuple\((?:\w+ (?:U?Int\d+|String|LowCardinality\(String\))(?:, )?)+\)\)$/,
          `${domain.name}.${name}`,
        )
    }
  })

  it('never lets a view fail in silence', () => {
    const files = globSync(
      ['schemas', 'platform', 'streams', 'api', 'bin', 'models'].map((module) => `${module}/**/*.{ts,sql}`),
      { cwd: ROOT },
    )
    assert.ok(files.length > 50)
    for (const file of files)
      assert.ok(!readFileSync(join(ROOT, file), 'utf8').includes('materialized_views_ignore_errors'), file)
  })

  it('would be refused with a float average, a tie or an any', () => {
    assert.deepEqual(
      forbidden(
        'SELECT avg(x), sumIf(x, 1), anyLast(y), argMax(x, t), quantileTDigestState(x) FROM t',
        IDEMPOTENT,
        aggregates,
      ),
      ['avg', 'sum', 'anyLast', 'argMax(x, t)', 'quantileTDigest'],
    )
    assert.deepEqual(
      forbidden(
        'SELECT max(x), uniqCombinedState(y), argMin(x, (_partition, _offset)), toInt64(z), length(w) FROM t',
        IDEMPOTENT,
        aggregates,
      ),
      [],
    )
  })
})

/** Aggregate functions of a SELECT that are not allowed, by their plain names. */
function forbidden(select: string, allowed: readonly string[], aggregates: ReadonlySet<string>): string[] {
  const calls = [...select.matchAll(/\b([a-zA-Z]\w*)\(/g)].map((call) => ({
    name: withoutCombinators(call[1]!, aggregates),
    rest: select.slice(call.index),
  }))
  return calls
    .filter(({ name }) => aggregates.has(name.toLowerCase()) && !allowed.includes(name))
    .filter(
      ({ name, rest }) =>
        !BY_PLACE.includes(name) || !/^\w+\((?:[^()]|\([^()]*\))*, ?\(?(?:tuple\()?[\w. ]*_partition/.test(rest),
    )
    .map(({ name, rest }) => (BY_PLACE.includes(name) ? rest.slice(0, rest.indexOf(')') + 1) : name))
}

/** `sumIfState` is `sum`; names that only look so (`groupBitXor`) stay whole. */
function withoutCombinators(name: string, aggregates: ReadonlySet<string>): string {
  const shorter = name.replace(/(State|Merge|If|Array|Distinct|OrNull|OrDefault|ForEach|SimpleState)$/, '')
  return aggregates.has(name.toLowerCase()) || shorter === name || shorter === ''
    ? name
    : withoutCombinators(shorter, aggregates)
}
