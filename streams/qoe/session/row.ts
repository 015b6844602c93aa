import { isDerived } from '../plain/levels.ts'
import { withReadings } from '../plain/tables.ts'
import { COUNTERS, GREATEST, INSTANCE_DIMENSIONS, SEGMENT_DIMENSIONS, STARTUPS, COLUMNS } from './columns.ts'
import { compose } from './levels.ts'
import { reductionLevels, SEGMENT_SUMS, SESSION_KEY } from './pipeline.ts'

/**
 * A session as `qoe_session_v1` stores it: one row with everything that depends only on its segments, not on the time
 * of a query. job.ts replaces the row whenever a record of the session lands.
 */
export const SESSIONS = 'qoe_session_v1'

interface RowColumn {
  readonly name: string
  readonly type: string
  /** SQL over the names of `reductionLevels`; absent = the name itself. */
  readonly from?: string
}

const typeOf = (name: string): string => COLUMNS.find((column) => column.name === name)?.type ?? 'Int64'
const typed = (names: readonly string[], type?: string): RowColumn[] =>
  names.map((name) => ({ name, type: type ?? typeOf(name) }))

/** A list over the segments of a session, in their order. */
const perPart = (name: string): RowColumn => ({
  name: partsName(name),
  type: `Array(${typeOf(name)})`,
  from: `arraySort((x, place) -> place, each_${name}, places)`,
})

/** The column with this sum or dimension for each segment of a session. */
export const partsName = (name: string): string => `parts_${name}`

const FLAGS = ['ended', 'clamped', 'told_finished', 'told_timeout', 'told_business', 'cmcd'] as const

const COLUMNS_OF_ROW: readonly RowColumn[] = [
  ...typed(INSTANCE_DIMENSIONS),
  ...typed(SEGMENT_SUMS),
  ...typed(STARTUPS),
  ...typed(GREATEST),
  ...typed(
    [
      'session_start',
      'last_time',
      'last_state',
      'last_seq',
      'segments',
      'records',
      'unique_ms',
      'first_kbps',
      'live_latency_least',
      'frame_place',
    ],
    'Int64',
  ),
  ...typed([...FLAGS, 'stalled'], 'UInt8'),
  { name: 'end_reason', type: 'LowCardinality(String)' },
  { name: 'errors', type: 'Map(String, Int64)' },
  { name: 'ocas', type: 'Array(LowCardinality(String))', from: 'arrayDistinct(arraySort(each_oca))' },
  { name: 'hidden_parts', type: 'Array(Int64)' },
  ...SEGMENT_DIMENSIONS.map(perPart),
  ...SEGMENT_SUMS.map(perPart),
]

export const ROW_NAMES: readonly string[] = [...SESSION_KEY.slice(1), ...COLUMNS_OF_ROW.map(({ name }) => name)]

const added = (expressions: readonly string[]): string => expressions.map((sql) => `toInt128(${sql})`).join(' + ')
const map = (name: string): string => `length(${name}) + arraySum(v -> toInt128(greatest(v, 0)), mapValues(${name}))`
const TEXTS = [
  ...INSTANCE_DIMENSIONS.map((name) => `${name} != ''`),
  ...SEGMENT_DIMENSIONS.map((name) => `arrayCount(x -> toString(x) NOT IN ('', '0'), each_${name})`),
]

/** Of plain CMCD these do not grow: a late record can take back what was derived without it. Its timeline grows. */
const DERIVABLE = [...COUNTERS, ...STARTUPS, 'session_start'].filter(isDerived)
const TOLD = [...COUNTERS, ...STARTUPS].filter((name) => !isDerived(name))
/** More than all that a row could hold before sessions had timelines. */
const RECORD_WEIGHT = 2n ** 42n

/**
 * Grows with everything new about a session: growing values are added, shrinking ones subtracted. Equal states thus
 * have equal versions, and of two concurrent jobs the one with more records wins, whichever wrote last.
 */
const VERSION = `toUInt64(least(greatest(${2n ** 62n} + if(cmcd, toInt128(timeline_size) * ${RECORD_WEIGHT}, ${added(DERIVABLE)}) + ${added([...TOLD, ...GREATEST, 'last_time', 'last_state', 'last_seq', 'segments', 'records', ...FLAGS, ...TEXTS])}
  + ${['errors', 'watched', 'end_reasons'].map(map).join(' + ')} + arraySum(p -> toInt128(greatest(p.2, 0)) + toInt128(greatest(p.3, 0)), spans)
  - toInt128(first_bitrate) - toInt128(least_latency), 0), ${2n ** 64n - 1n}))`

const STORED: readonly RowColumn[] = [...COLUMNS_OF_ROW, { name: 'version', type: 'UInt64', from: VERSION }]

export const sessionTable = `CREATE TABLE IF NOT EXISTS ${SESSIONS}
(
  clock LowCardinality(String), session_id String, instance Int64,
  ${STORED.map(({ name, type }) => `${name} ${type}`).join(',\n  ')},
  -- Session ids made in order of time put sessions of one day side by side: a question about a day skips the others.
  INDEX begun session_start TYPE minmax GRANULARITY 1,
  INDEX heard last_time TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
-- No PARTITION BY: versions of one row must meet in one part, and its only times are a client's.
-- Order: that of its segments; a list, a timeline and a recomputation name sessions.
ORDER BY (${SESSION_KEY.join(', ')})
-- No TTL: a row a session, compared over years. It names no person.
-- Small parts stay compact: with a hundred columns a wide part opens a buffer for each.
SETTINGS min_bytes_for_wide_part = 134217728`

/** SQL of whole rows, from stored segments (or a subquery of the same columns) that meet the condition. */
export const sessionRows = (segments: string, condition: string): string => rowsOf(segments, condition, false)

/** The same of plain CMCD, with stored readings, or a subquery of the same columns. */
export const plainSessionRows = (segments: string, readings: string, condition: string): string =>
  rowsOf(withReadings(segments, readings, condition), condition, true)

function rowsOf(segments: string, condition: string, isPlain: boolean): string {
  const reduced = compose(
    segments,
    [
      ...reductionLevels(condition, isPlain),
      { columns: STORED.map(({ name, type, from }) => `CAST(${from ?? name}, '${type}') AS row_${name}`), apart: true },
    ],
    [...SESSION_KEY, ...STORED.map(({ name }) => `row_${name}`)],
  )
  return `SELECT ${[...SESSION_KEY, ...STORED.map(({ name }) => `row_${name} AS ${name}`)].join(', ')}\nFROM (${reduced})`
}

/** Columns in the order of `sessionRows`. */
export const STORED_NAMES: readonly string[] = [...SESSION_KEY, ...STORED.map(({ name }) => name)]
