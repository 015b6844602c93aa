import { pastCut, type AggregateAudit, type Cut } from '../../platform/audit.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { countedRecords, IS_PLAIN } from './plain/record.ts'
import {
  PLAIN_MINUTE_OF_RECORD,
  PLAIN_MINUTE_VALUES,
  PLAIN_MINUTES,
  readingRows,
  TIMELINE_OF_RECORD,
  TIMELINES,
  timelinesOf,
} from './plain/tables.ts'
import { COLUMNS as SEGMENT_COLUMNS, finalised as finalColumn, KEY as SEGMENT_KEY } from './session/columns.ts'
import { SEGMENT_OF_RECORD, segmentOf, SEGMENTS } from './session/ddl.ts'
import { SESSION_KEY } from './session/pipeline.ts'
import { plainSessionRows, sessionRows, SESSIONS, STORED_NAMES } from './session/row.ts'
import { KEY, STATE, STATE_OF_RECORD, TARGET } from './state.ts'

const TOPIC: TopicName = 'playback.telemetry'
const TELEMETRY = landingTable(TOPIC)

interface Shape {
  readonly keys: readonly string[]
  readonly values: string
}

const MINUTE: Shape = {
  keys: KEY.map(({ name }) => name),
  values: STATE.map(({ name }) => `max(${name}) AS ${name}`).join(', '),
}
const SEGMENT: Shape = {
  keys: SEGMENT_KEY.map(({ name }) => name),
  // A set as a sorted list, so that equal sets are equal bytes.
  values: SEGMENT_COLUMNS.map(
    (column) =>
      `${column.merge === 'groupBitmap' ? `arraySort(bitmapToArray(groupBitmapMergeState(${column.name})))` : finalColumn(column)} AS ${column.name}`,
  ).join(', '),
}

// Sets, as sorted lists: equal sets are equal bytes. What does not count need not be there.
const RECORDS = `${countedRecords('arraySort(groupUniqArrayArray(records))')} AS set_of_records`
const PLAIN_MINUTE: Shape = {
  keys: MINUTE.keys,
  values: [...PLAIN_MINUTE_VALUES.map((name) => `max(${name}) AS ${name}`), RECORDS].join(', '),
}
const TIMELINE: Shape = { keys: SEGMENT.keys, values: RECORDS }

/**
 * Excluded on both sides: sessions with a record at or past the cut and, once raw has begun to expire (after 30 days;
 * the state stays), sessions that are not in raw.
 */
const compared = (
  cut: Cut,
  within: string,
): string => `${within} AND session_id NOT IN (SELECT session_id FROM ${TELEMETRY} WHERE ${pastCut(cut, TOPIC)} AND ${within})
  AND (NOT ${expired(cut)} OR session_id IN (SELECT session_id FROM ${TELEMETRY} WHERE ${within}))`

const expired = (cut: Cut): string => {
  const starts = cut
    .filter(({ topic }) => topic === TOPIC)
    .map(({ partition, start }) => `(SELECT min(_offset) FROM ${TELEMETRY} WHERE _partition = ${partition}) > ${start}`)
  return `(${['0', ...starts].join(' OR ')})`
}

/** Both sides finalise with the same GROUP BY; they differ only in where the rows come from. */
const finalised = ({ keys, values }: Shape, rows: string, cut: Cut, within: string): string => `
SELECT ${keys.join(', ')}, ${values} FROM (${rows})
WHERE ${compared(cut, within)}
GROUP BY ${keys.join(', ')} ORDER BY ${keys.join(', ')}`

/**
 * All records of a session are in one part of the audit, whose cost is independent of the number of sessions: small
 * enough for the time of a query on a busy machine.
 */
const BY_SESSION = { keys: ['session_id'], sortedBy: 'session_id', sliceRows: 50_000 } as const

const audit = (name: string, shape: Shape, ofRecords: string): AggregateAudit => ({
  name,
  ...BY_SESSION,
  stored: (cut, within) => ({ sql: finalised(shape, `SELECT * FROM ${name}`, cut, within) }),
  recomputed: (cut, within) => ({ sql: finalised(shape, ofRecords, cut, within) }),
})

const ofPlain = (within: string): string =>
  `((${SESSION_KEY.join(', ')}) IN (SELECT ${SESSION_KEY.join(', ')} FROM ${TELEMETRY} WHERE ${IS_PLAIN} AND ${within}))`

/**
 * Compares stored session rows, which the job replaces and which are settled first, with rows that the same reduction
 * makes from raw telemetry.
 */
const sessions: AggregateAudit = {
  // A row is computed from all records of a session, in a hundred columns.
  name: SESSIONS,
  ...BY_SESSION,
  sliceRows: 20_000,
  stored: (cut, within) => ({
    sql: `SELECT ${STORED_NAMES.join(', ')} FROM ${SESSIONS} FINAL WHERE ${compared(cut, within)} ORDER BY ${SESSION_KEY.join(', ')}`,
  }),
  recomputed: (cut, within) => ({
    sql: `SELECT * FROM (
${sessionRows(`(${SEGMENT_OF_RECORD})`, `NOT ${ofPlain(within)} AND ${compared(cut, within)}`)}
UNION ALL
${plainSessionRows(`(${SEGMENT_OF_RECORD})`, `(${readingRows(`(${TIMELINE_OF_RECORD})`, compared(cut, within))})`, `${ofPlain(within)} AND ${compared(cut, within)}`)})
ORDER BY ${SESSION_KEY.join(', ')}`,
  }),
}

/** Rows of sessions from their records before a cut alone. `which`: condition on raw telemetry that takes whole sessions. */
export function sessionsBefore(cut: Cut, which: string): string {
  const records = `(SELECT * FROM ${TELEMETRY} WHERE ${which} AND NOT ${pastCut(cut, TOPIC)})`
  const key = SESSION_KEY.join(', ')
  const plain = `((${key}) IN (SELECT ${key} FROM ${records} WHERE ${IS_PLAIN}))`
  return `SELECT * FROM (
${sessionRows(`(${segmentOf(records)})`, `NOT ${plain}`)}
UNION ALL
${plainSessionRows(`(${segmentOf(records)})`, `(${readingRows(`(${timelinesOf(records)})`, '1')})`, plain)})`
}

export const audits: readonly AggregateAudit[] = [
  audit(TARGET, MINUTE, STATE_OF_RECORD),
  audit(PLAIN_MINUTES, PLAIN_MINUTE, PLAIN_MINUTE_OF_RECORD),
  audit(SEGMENTS, SEGMENT, SEGMENT_OF_RECORD),
  audit(TIMELINES, TIMELINE, TIMELINE_OF_RECORD),
  sessions,
]
