import { pastCut, type AggregateAudit, type Cut } from '../../platform/audit.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { STATE_OF_RECORD, TARGET } from './migrations.ts'
import { KEY, STATE } from './state.ts'

const TOPIC: TopicName = 'playback.telemetry'
const TELEMETRY = landingTable(TOPIC)
const KEYS = KEY.map(({ name }) => name).join(', ')
const FINAL = STATE.map(({ name }) => `max(${name}) AS ${name}`).join(', ')

/**
 * Both sides finalise by the same GROUP BY; what differs is where the rows come from. Left out on both: sessions that a
 * record at or past the cut speaks of and, once raw has begun to expire (after 30 days; the state stays), sessions not in raw.
 */
const finalised = (rows: string, cut: Cut): string => `
SELECT ${KEYS}, ${FINAL} FROM (${rows})
WHERE session_id NOT IN (SELECT session_id FROM ${TELEMETRY} WHERE ${pastCut(cut, TOPIC)})
  AND (NOT ${expired(cut)} OR session_id IN (SELECT session_id FROM ${TELEMETRY}))
GROUP BY ${KEYS} ORDER BY ${KEYS}`

const expired = (cut: Cut): string => {
  const starts = cut.filter(({ topic }) => topic === TOPIC).map(({ partition, start }) => `(SELECT min(_offset) FROM ${TELEMETRY} WHERE _partition = ${partition}) > ${start}`)
  return `(${['0', ...starts].join(' OR ')})`
}

export const audits: readonly AggregateAudit[] = [{
  name: TARGET,
  keys: KEY.map(({ name }) => name),
  stored: (cut) => ({ sql: finalised(`SELECT * FROM ${TARGET}`, cut) }),
  recomputed: (cut) => ({ sql: finalised(STATE_OF_RECORD, cut) }),
}]
