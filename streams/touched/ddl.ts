import type { Migration } from '../../platform/clickhouse/migrate.ts'
import { releasedWindow } from '../../schemas/landing.ts'
import { landingTable, TOPICS } from '../../schemas/topics.ts'
import { cursorFromTime, keepBlockNumbers, progressTable } from './cursor.ts'
import {
  eventsTable,
  keyList,
  stateTable,
  workOf,
  type DerivedColumn,
  type TouchedDomain,
  type Work,
} from './domain.ts'

/** Profiles whose tombstones landed. */
export const ERASURE_MARKS = 'erasure_mark_v1'

/** Tables shared by all domains. */
export const migrations: readonly Migration[] = [
  {
    id: 'touched/v1',
    statements: [
      // Profiles that asked to be erased, and the time up to which. Never emptied, because a replay of the log would
      // restore their rows.
      // Order: looked up by profile. Maxima: a repeated tombstone changes nothing.
      `CREATE TABLE IF NOT EXISTS erasures_v1 (
        clock LowCardinality(String), profile_id String,
        until_ms SimpleAggregateFunction(max, Int64), landed_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
      ) ENGINE = AggregatingMergeTree ORDER BY (clock, profile_id)
      SETTINGS non_replicated_deduplication_window = ${releasedWindow('viewer.actions')}`,
      // Progress of each domain: the greatest landing time whose touched keys are recomputed. Order: one row per domain
      // remains after merges.
      `CREATE TABLE IF NOT EXISTS touched_progress_v1 (domain String, cursor_ms Int64)
      ENGINE = ReplacingMergeTree(cursor_ms) ORDER BY domain`,
    ],
  },
  {
    id: 'touched/v2',
    statements: [
      progressTable,
      // Tombstones as they land: every domain applies them to its keys, each at its own pace. Order: read by block.
      `CREATE TABLE IF NOT EXISTS ${ERASURE_MARKS} (clock LowCardinality(String), profile_id String, landed_at DateTime64(3, 'UTC'))
      ENGINE = MergeTree ORDER BY (clock, profile_id)
      SETTINGS non_replicated_deduplication_window = ${releasedWindow('viewer.actions')}, enable_block_number_column = 1`,
      `CREATE MATERIALIZED VIEW IF NOT EXISTS erasure_mark_mv_v1 TO ${ERASURE_MARKS} AS SELECT clock, profile_id, landed_at FROM erasures_v1`,
    ],
  },
  {
    id: 'touched/v2/fill',
    statements: [
      `INSERT INTO ${ERASURE_MARKS} SETTINGS insert_deduplicate = 0 SELECT clock, profile_id, landed_at FROM erasures_v1`,
    ],
  },
]

/**
 * Follows a domain's index by the numbers of its blocks from now on, instead of by landing times, which a clock that is
 * set back repeats. Comes after the domain's tables and their fill.
 */
export const domainBlocks = (domain: TouchedDomain): Migration => {
  const from = (work: Work): string =>
    cursorFromTime(
      workOf(domain, work),
      eventsTable(domain),
      `SELECT max(cursor_ms) FROM touched_progress_v1 WHERE domain = '${workOf(domain, work)}'`,
    )
  return {
    id: `${domain.name}/v${domain.version}/blocks`,
    statements: [...keepBlockNumbers(eventsTable(domain)), from('keys'), from('ids')],
  }
}

/** Tables and views of one domain, in order of creation. */
export function domainMigration(domain: TouchedDomain): Migration {
  const statements = [
    eventsDdl(domain),
    ...(domain.feedsErasures === true ? [erasuresView(domain)] : []),
    stateDdl(domain),
    eventsView(domain),
  ]
  return { id: `${domain.name}/v${domain.version}`, statements }
}

const columnsSql = (columns: readonly { readonly name: string; readonly type: string }[]): string =>
  columns.map(({ name, type }) => `${name} ${type},`).join(' ')

/**
 * The index: landed rows by key. Its TTL is that of the landing table, and like that table it keeps deduplication
 * tokens at least as long as the log keeps records. Parts stay compact until they are large, because a wide part opens
 * buffers for every column. The job walks blocks (cursor.ts); until it did, it walked inserts by `landed_at` and its
 * index.
 */
function eventsDdl(domain: TouchedDomain): string {
  const { keepDays } = TOPICS[domain.topic]
  return `CREATE TABLE IF NOT EXISTS ${eventsTable(domain)} (
    ${columnsSql(domain.keys)}
    event_id FixedString(16), profile_id String, at_ms Int64,
    ${columnsSql(domain.facts)}
    payload UInt64, is_erasure Bool, received_time DateTime64(3, 'UTC'), _partition Int32, _offset Int64, landed_at DateTime64(3, 'UTC'),
    INDEX landed landed_at TYPE minmax GRANULARITY 1
  ) ENGINE = MergeTree PARTITION BY toYYYYMM(received_time) ORDER BY (${keyList(domain)}, event_id)
  ${keepDays === undefined ? '' : `TTL toDateTime(received_time) + INTERVAL ${keepDays} DAY`}
  SETTINGS non_replicated_deduplication_window = ${releasedWindow(domain.topic)}, ttl_only_drop_parts = 1, min_bytes_for_wide_part = 268435456`
}

/** The state, ordered by key. Not partitioned: event times can have any value, and a batch touches many months. */
function stateDdl(domain: TouchedDomain): string {
  return `CREATE TABLE IF NOT EXISTS ${stateTable(domain)} (
    ${columnsSql(domain.keys)} ${columnsSql(domain.values)} version UInt64
  ) ENGINE = ReplacingMergeTree(version) ORDER BY (${keyList(domain)})
  SETTINGS min_bytes_for_wide_part = 134217728`
}

/**
 * Writes an index row for every landed row that touches a key. An erasure becomes a row of its own that touches none.
 */
const eventsView = (domain: TouchedDomain): string =>
  `CREATE MATERIALIZED VIEW IF NOT EXISTS ${domain.name}_events_mv_v${domain.version} TO ${eventsTable(domain)} AS
    ${indexRows(domain)}`

function indexRows(domain: TouchedDomain): string {
  const erasure = domain.feedsErasures === true ? "e.action = 'erasure'" : '0'
  return `SELECT ${eventColumns(domain)}, ${erasure} AS is_erasure, now64(3) AS landed_at
    FROM ${landingTable(domain.topic)} AS e
    WHERE (${domain.touches}) OR ${erasure}`
}

/**
 * Fills the index of a domain that is added to tables with rows, as its view would have. Running it twice is safe,
 * since a row is identified by its place in the log.
 */
export const domainFill = (domain: TouchedDomain): Migration => ({
  id: `${domain.name}/v${domain.version}/fill`,
  statements: [
    `INSERT INTO ${eventsTable(domain)} (${[...indexColumns(domain).map(({ name }) => name), 'is_erasure', 'landed_at'].join(', ')}) SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1, max_block_size = 16384\n${indexRows(domain)}`,
  ],
})

/** Columns of the index that are computed from a landing row. */
export const eventColumns = (domain: TouchedDomain): string =>
  indexColumns(domain)
    .map(({ name, from }) => `${from} AS ${name}`)
    .join(', ')

function indexColumns({ keys, facts }: TouchedDomain): readonly DerivedColumn[] {
  return [
    ...keys,
    { name: 'event_id', type: '', from: 'e.event_id' },
    { name: 'profile_id', type: '', from: 'e.profile_id' },
    { name: 'at_ms', type: '', from: AT_MS },
    ...facts,
    {
      name: 'payload',
      type: '',
      from: `cityHash64(${[...keys, ...facts].map(({ from }) => from).join(', ')}, e.profile_id, ${AT_MS})`,
    },
    { name: 'received_time', type: '', from: 'e.received_time' },
    { name: '_partition', type: '', from: 'e._partition' },
    { name: '_offset', type: '', from: 'e._offset' },
  ]
}

export const AT_MS = 'toUnixTimestamp64Milli(e.event_time)'

// A view on the index, not on the landing table: each view adds cost to every insert.
const erasuresView = (domain: TouchedDomain): string =>
  `CREATE MATERIALIZED VIEW IF NOT EXISTS erasures_from_${domain.name}_mv_v${domain.version} TO erasures_v1 AS
    SELECT clock, profile_id, max(at_ms) AS until_ms, max(landed_at) AS landed_at
    FROM ${eventsTable(domain)} WHERE is_erasure GROUP BY clock, profile_id`
