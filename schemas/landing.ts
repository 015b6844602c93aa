import { versionsOf, type PublishedSchema } from './catalogue.ts'
import { columnType, defaultExpression, quoteName, wireType } from './clickhouse.ts'
import { SchemaFault, type AvroRecord, type Field } from './model.ts'
import { landingTable, TOPICS, type TopicName } from './topics.ts'

/** A column of a landing table. */
export interface Column {
  readonly name: string
  readonly type: string
  /** SQL of the value for rows whose writer did not know the column; absent if every writer must send it. */
  readonly fallback?: string
  readonly doc: string
}

/**
 * First and last field of the wrapper that the sink adds to every datum: its offset, and the offset again as a frame
 * guard.
 */
export const WRAPPER_FIRST = '_off'
export const WRAPPER_LAST = '_end'

/** Position of the record in the log, which the audit uses to count. */
const PLACE_COLUMNS: readonly Column[] = [
  { name: '_partition', type: 'Int32', doc: 'Partition of the log.' },
  { name: '_offset', type: 'Int64', doc: 'Offset in the partition.' },
]

/**
 * Longest time that one partition may stall while others of its table continue, s; after that the sink stops the table.
 */
export const LONGEST_STALL_S = 900

/** Rows of the month of received_time and of the month before may be in one insert: two table partitions. */
const TABLE_PARTITIONS_AN_INSERT = 2
const SAFETY = 10

/**
 * All columns of a topic's landing table: those of every published version, oldest first, then the place in the log.
 */
export function landingColumns(topic: TopicName, versions = versionsOf(topic)): readonly Column[] {
  return [...eventColumns(versions), ...PLACE_COLUMNS]
}

/** The statement that creates a topic's landing table for its newest schema. */
export function landingDdl(topic: TopicName): string {
  return createTable(topic, landingColumns(topic))
}

/**
 * Migrations to the newest table: version 1 creates it, every later one adds its columns. Published versions never
 * change, so neither do these statements. Rule: the table is updated before its producers.
 */
export function landingMigrations(topic: TopicName, versions = versionsOf(topic)): readonly LandingMigration[] {
  const columns = eventColumns(versions)
  return versions.map(({ version }, index) => {
    const known = eventColumns(versions.slice(0, index)).length
    const fresh = columns.slice(known, eventColumns(versions.slice(0, index + 1)).length)
    const statements =
      index === 0
        ? [withoutComments(createTable(topic, [...fresh, ...PLACE_COLUMNS]))]
        : fresh.map((column, at) => addColumn(topic, column, columns[known + at - 1]!))
    return { id: `landing/${topic}/v${version}`, statements }
  })
}

export interface LandingMigration {
  readonly id: string
  readonly statements: readonly string[]
}

/** Columns in the order in which versions introduced them; a field that a later version removed keeps its column. */
function eventColumns(versions: readonly Pick<PublishedSchema, 'schema'>[]): readonly Column[] {
  const fields = versions.flatMap(({ schema }) => schema.fields)
  const first = new Map<string, Field>()
  for (const field of fields) if (!first.has(field.name)) first.set(field.name, field)
  return [...first.values()].map(toColumn)
}

/**
 * Number of inserts whose dedup tokens a table must remember, so that a replay is recognised after the longest stall:
 * 10 x Kafka partitions x table partitions per insert x inserts per second and partition x stall. Source: measured; a
 * window of 5 parts forgot a token after one insert of 3 table partitions.
 */
export function dedupWindow(
  topic: TopicName,
  stallSeconds = LONGEST_STALL_S,
  partitions = TOPICS[topic].partitions,
  ageMs = TOPICS[topic].maxAgeMs,
): number {
  const insertsPerSecond = 1_000 / ageMs
  return Math.ceil(SAFETY * partitions * TABLE_PARTITIONS_AN_INSERT * insertsPerSecond * stallSeconds)
}

/**
 * The window with which tables are created; these statements never change. If more is needed by now, the boot widens it
 * (streams/sink/boot.ts).
 */
export const releasedWindow = (topic: TopicName): number =>
  dedupWindow(topic, LONGEST_STALL_S, TOPICS[topic].partitions, TOPICS[topic].releasedAgeMs ?? TOPICS[topic].maxAgeMs)

/**
 * ClickHouse structure of a writer's wrapped records, so that its Avro is read as declared, never inferred. Contains no
 * quotes.
 */
export function structureOf(writer: AvroRecord): string {
  const fields = writer.fields.map(({ name, type }) => `${quoteName(name)} ${wireType(type)}`)
  return [`${WRAPPER_FIRST} Int64`, ...fields, `${WRAPPER_LAST} Int64`].join(', ')
}

export type ColumnMatch =
  | { readonly ok: true; readonly columns: readonly string[] }
  | {
      readonly ok: false
      readonly code: 'COLUMN_UNKNOWN' | 'COLUMN_MISSING' | 'COLUMN_TYPE'
      readonly column: string
      readonly message: string
    }

/**
 * Columns that a writer fills, in the table's order; INSERT and SELECT use the same list. A field without a column is
 * returned as a value here and pauses the partition; it is never dropped.
 */
export function selectColumns(writer: AvroRecord, topic: TopicName, versions = versionsOf(topic)): ColumnMatch {
  const columns = eventColumns(versions)
  const written = new Map(writer.fields.map((field) => [field.name, field]))
  for (const { name } of writer.fields) {
    if (!columns.some((column) => column.name === name))
      return fault('COLUMN_UNKNOWN', name, `${landingTable(topic)} has no column '${name}': migrate the table first`)
  }
  for (const column of columns) {
    const problem = matchColumn(column, written.get(column.name))
    if (problem !== undefined) return problem
  }
  return { ok: true, columns: columns.map(({ name }) => name).filter((name) => written.has(name)) }
}

function matchColumn(column: Column, field: Field | undefined): ColumnMatch | undefined {
  if (field === undefined) {
    return column.fallback === undefined
      ? fault('COLUMN_MISSING', column.name, `the writer does not send '${column.name}', which has no default`)
      : undefined
  }
  const type = typeOrFault(field)
  const stored = plain(column.type)
  const fits = type === stored || WIDENS.has(`${type}>${stored}`) || `Nullable(${type})` === stored
  return fits
    ? undefined
    : fault('COLUMN_TYPE', column.name, `'${column.name}' is ${type} by its writer and ${stored} in the table`)
}

/** Lossless conversions. */
const WIDENS: ReadonlySet<string> = new Set([
  'Int32>Int64',
  'Int32>Float64',
  'Float32>Float64',
  'Nullable(Int32)>Nullable(Int64)',
])

function typeOrFault({ type }: Field): string {
  try {
    return plain(wireType(type))
  } catch (error) {
    if (error instanceof SchemaFault) return error.message
    throw error
  }
}

/** The type of a column's content, without dictionary or time zone. */
const plain = (type: string): string => type.replace(/LowCardinality\((\w+)\)/g, '$1').replaceAll(", 'UTC'", '')

const fault = (
  code: 'COLUMN_UNKNOWN' | 'COLUMN_MISSING' | 'COLUMN_TYPE',
  column: string,
  message: string,
): ColumnMatch => ({ ok: false, code, column, message })

function toColumn(field: Field): Column {
  const fallback = defaultExpression(field)
  return { name: field.name, type: columnType(field), doc: field.doc, ...(fallback === undefined ? {} : { fallback }) }
}

function createTable(topic: TopicName, columns: readonly Column[]): string {
  const { orderBy, orderReason, keepDays, keepReason } = TOPICS[topic]
  const lines = columns.map((column) => `  ${columnSql(column)}`)
  const ttl =
    keepDays === undefined
      ? `-- No TTL: ${keepReason}\n`
      : `-- TTL: ${keepReason}\nTTL toDateTime(received_time) + INTERVAL ${keepDays} DAY\n`
  return `CREATE TABLE IF NOT EXISTS ${landingTable(topic)}
(
${lines.join(',\n')}
)
ENGINE = MergeTree
-- By month of log time: one insert touches one or two partitions, whatever event times its clients claim.
PARTITION BY toYYYYMM(received_time)
-- Order: ${orderReason}.
ORDER BY (${orderBy.join(', ')})
${ttl}-- The window outlives the longest stall, so that a replayed batch is known by its token; whole parts expire, none is rewritten.
-- Compact parts: a wide part opens buffers for every column, and these tables have many: 24,000 rows of telemetry took
-- 438 ms of CPU and 361 MiB wide, 41 ms and 26 MiB compact. Merges write wide parts where scans are long, with small buffers.
SETTINGS ${settingsOf(topic)}`
}

const settingsOf = (topic: TopicName): string =>
  [
    `non_replicated_deduplication_window = ${releasedWindow(topic)}`,
    'ttl_only_drop_parts = 1',
    'min_bytes_for_wide_part = 268435456',
    'min_columns_to_activate_adaptive_write_buffer = 1',
  ].join(', ')

/** A migration's checksum must not depend on the wording of comments. */
const withoutComments = (sql: string): string =>
  sql
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')

const addColumn = (topic: TopicName, column: Column, before: Column): string =>
  `ALTER TABLE ${landingTable(topic)} ADD COLUMN IF NOT EXISTS ${columnSql(column)} AFTER ${quoteName(before.name)}`

const columnSql = ({ name, type, fallback }: Column): string =>
  `${quoteName(name)} ${type}${fallback === undefined || isZero(fallback) ? '' : ` DEFAULT ${fallback}`}`

/** ClickHouse's own default of the type, which need not be written. */
const isZero = (fallback: string): boolean => ["''", '0', 'false', 'NULL', '[]', 'map()'].includes(fallback)
