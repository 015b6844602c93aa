import { pastCut, type AggregateAudit, type Cut } from '../../platform/audit.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { STATE_OF_RECORD, TARGET } from './migrations.ts'
import { COLUMNS as SEGMENT_COLUMNS, finalised as finalColumn, KEY as SEGMENT_KEY } from './session/columns.ts'
import { SEGMENT_OF_RECORD, SEGMENTS } from './session/ddl.ts'
import { KEY, STATE } from './state.ts'

const TOPIC: TopicName = 'playback.telemetry'
const TELEMETRY = landingTable(TOPIC)

interface Shape {
  readonly keys: readonly string[]
  readonly values: string
}

const MINUTE: Shape = { keys: KEY.map(({ name }) => name), values: STATE.map(({ name }) => `max(${name}) AS ${name}`).join(', ') }
const SEGMENT: Shape = {
  keys: SEGMENT_KEY.map(({ name }) => name),
  // A set as a sorted list: equal sets are equal bytes.
  values: SEGMENT_COLUMNS.map((column) => `${column.merge === 'groupBitmap' ? `arraySort(bitmapToArray(groupBitmapMergeState(${column.name})))` : finalColumn(column)} AS ${column.name}`).join(', '),
}

/**
 * Both sides finalise by the same GROUP BY; what differs is where the rows come from. Left out on both: sessions that a
 * record at or past the cut speaks of and, once raw has begun to expire (after 30 days; the state stays), sessions not in raw.
 */
const finalised = ({ keys, values }: Shape, rows: string, cut: Cut): string => `
SELECT ${keys.join(', ')}, ${values} FROM (${rows})
WHERE session_id NOT IN (SELECT session_id FROM ${TELEMETRY} WHERE ${pastCut(cut, TOPIC)})
  AND (NOT ${expired(cut)} OR session_id IN (SELECT session_id FROM ${TELEMETRY}))
GROUP BY ${keys.join(', ')} ORDER BY ${keys.join(', ')}`

const expired = (cut: Cut): string => {
  const starts = cut.filter(({ topic }) => topic === TOPIC).map(({ partition, start }) => `(SELECT min(_offset) FROM ${TELEMETRY} WHERE _partition = ${partition}) > ${start}`)
  return `(${['0', ...starts].join(' OR ')})`
}

const audit = (name: string, shape: Shape, ofRecords: string): AggregateAudit => ({
  name, keys: shape.keys,
  stored: (cut) => ({ sql: finalised(shape, `SELECT * FROM ${name}`, cut) }),
  recomputed: (cut) => ({ sql: finalised(shape, ofRecords, cut) }),
})

export const audits: readonly AggregateAudit[] = [audit(TARGET, MINUTE, STATE_OF_RECORD), audit(SEGMENTS, SEGMENT, SEGMENT_OF_RECORD)]
