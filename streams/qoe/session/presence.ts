import { SILENCE_MS } from '../definitions.ts'
import type { Rule } from '../metrics/concurrency.ts'
import { TARGET } from '../state.ts'
import type { Dimension, Period, Scope } from './ask.ts'
import { cellsOf } from './cells.ts'
import { STATES, STATE_SPACE } from './columns.ts'
import { SESSIONS_NOW } from './facts.ts'
import { compose, type Level } from './levels.ts'
import { FIRST_FRAME_BY } from './pipeline.ts'
import { IDLE_MS, STALL_CAP_MS } from './rules.ts'

/** Three missed heartbeats: a player that is silent for longer has left. */
export const LEFT_MS = 30_000
/** The weight of a session that is present. Weights are whole numbers, so that sums are the same in any order. */
export const WEIGHT = 10_000

/**
 * Time ranges in which a session was present, as a statement to build on: `there_from` (inclusive) to `there_to`, ms,
 * and their least, known and greatest weight (`low` <= `mid` <= `high` <= WEIGHT). Includes the columns of the session.
 */
export interface Presence {
  readonly table: string
  readonly levels: readonly Level[]
}

/** Columns of a session: the stored ones that an answer needs, and those of time ranges. */
const SESSION = [
  'key',
  'records',
  'expected',
  'hidden',
  'last_time',
  'ended',
  'tail_ms',
  'cmcd',
  'last_state',
  'part_from',
  'part_to',
]
const SPANS = ['p_time', 'until_time', 'share', 'most_share', 'q_time', 'next_time', 'is_latest']

export function presenceOf(
  rule: Rule,
  scope: Scope,
  groupBy: readonly Dimension[],
  periods: readonly Period[],
): Presence {
  // Sessions that fell silent in the half hour before may still be present.
  const { levels } = cellsOf(
    { ...scope, time: 'open' },
    [],
    groupBy,
    periods.map(({ from, to }) => ({ from: from - IDLE_MS, to })),
  )
  const names = [...SESSION, ...groupBy]
  if (rule === 'mux')
    return {
      table: minutesOf(compose(SESSIONS_NOW, levels, names), periods),
      levels: [{ columns: [...names, ...SPANS] }, stretches(WATCHED), ...PARTED],
    }
  const begun = rule === 'conviva' ? `session_start + ${FIRST_FRAME_BY}` : 'session_start'
  return {
    table: SESSIONS_NOW,
    levels: [...levels, { ...stretches(presentFrom(begun)), where: rule === 'conviva' ? 'play' : '1' }, ...PARTED],
  }
}

const stretches = (list: string): Level => ({
  columns: [`arrayJoin(CAST(${list}, 'Array(Tuple(Int64, Int64, Int64, Int64, Int64))')) AS stretch`],
  apart: true,
})

/** Cut at the start and the end of each part of the session. */
const PARTED: readonly Level[] = [
  {
    columns: [
      'greatest(stretch.1, part_from) AS there_from',
      'least(stretch.2, part_to) AS there_to',
      'stretch.3 AS low',
      'stretch.4 AS mid',
      'stretch.5 AS high',
    ],
  },
]

const LEFT = `if(ended, last_time, greatest(last_time, least({now:Int64}, last_time + ${LEFT_MS})))`
/** After the last record: present for 30 s, possibly for half an hour. */
const tail = (weight: string): string =>
  `(last_time, ${LEFT}, 0, ${weight}, ${WEIGHT}), (${LEFT}, last_time + tail_ms, 0, 0, ${WEIGHT})`
const presentFrom = (begun: string): string =>
  `arrayMap(t -> (greatest(t.1, ${begun}), t.2, t.3, t.4, t.5), [(toInt64(${begun}), last_time, ${WEIGHT}, ${WEIGHT}, ${WEIGHT}), ${tail(String(WEIGHT))}])`

const PAUSED = `last_state >= 0 AND last_state % ${STATE_SPACE} = ${STATES.indexOf('a') + 1}`
/** Growth of watched time relative to the time it took; time that no record accounts for may have been watched. */
const SPAN = 'greatest(q_time - p_time, grown_wall, 1)'
const SHARE = `if(q_time - p_time > ${SILENCE_MS}, 0, intDiv(${WEIGHT} * grown_watched, ${SPAN}))`
const MAX_SHARE = `if(q_time - p_time > ${SILENCE_MS}, ${WEIGHT}, intDiv(${WEIGHT} * (grown_watched + ${SPAN} - grown_wall), ${SPAN}))`
/**
 * Time ranges of a run of spans: the run, the unaccounted time until the next one (possibly watched), and the time
 * after the last one.
 */
const WATCHED = `arrayConcat([(p_time, until_time, if(cmcd, 0, share), if(cmcd, 0, share), if(cmcd, ${WEIGHT}, most_share))],
  if(is_latest AND q_time >= last_time, [${tail(`if(cmcd OR (${PAUSED}), 0, ${WEIGHT})`)}], [(q_time, least(if(is_latest, last_time, next_time), q_time + ${IDLE_MS}), 0, 0, ${WEIGHT})]))`

/** Time before the period to read for the last report and for whether a stall had lasted: half an hour holds both. */
const TOLD_MS = IDLE_MS + 2 * SILENCE_MS

const HEARD = '(PARTITION BY key ORDER BY segment, place ROWS UNBOUNDED PRECEDING)'

/**
 * What segments reported between one stored minute and the next: p -> q, and the growth. The first span of a segment
 * begins at its start. A stall continues across a change of OCA, so all windows are over the whole session: one sort.
 */
function spansOf(periods: readonly Period[]): string {
  const within = periods
    .map(({ from, to }) => `(minute >= ${from - TOLD_MS} AND minute < ${to + IDLE_MS})`)
    .join(' OR ')
  const told = ['time', 'watched', 'wall', 'stall']
  const grown = ['watched', 'wall', 'stall']
    .map((name) => `greatest(${name} - if(goes_on, b_${name}, 0), 0) AS grown_${name}`)
    .join(', ')
  return `SELECT key, segment, place, p_time, q_time, next_time, is_latest, grown_watched, grown_wall, if(whole, greatest(first_value(p_time) OVER heard, max(if(whole, ${-(2 ** 53)}, q_time)) OVER heard), q_time) AS stalled_since
  FROM (
    SELECT key, segment, place, if(goes_on, b_time, begun_at) AS p_time, time AS q_time, if(a_segment = segment, time, a_begun) AS next_time, is_latest, ${grown}, grown_stall >= greatest(time - if(goes_on, b_time, begun_at), 1) AS whole
    FROM (
      SELECT *, row_number() OVER told > 1 AND lagInFrame(segment) OVER told = segment AS goes_on, ${told.map((name) => `lagInFrame(${name}) OVER told AS b_${name}`).join(', ')},
        leadInFrame(segment) OVER told AS a_segment, leadInFrame(begun_at) OVER told AS a_begun, leadInFrame(toUInt8(0), 1, toUInt8(1)) OVER told AS is_latest
      FROM (
        SELECT cityHash64(session_id, instance) AS key, segment, minute AS place, max(last_time) AS time, max(watched_ms) AS watched, max(wall_ms) AS wall, max(stall_ms) AS stall, max(segment_start) AS begun_at
        FROM ${TARGET} WHERE clock = {clock:String} AND (${within}) GROUP BY key, segment, place
      ) WINDOW told AS (PARTITION BY key ORDER BY segment, place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
  ) WINDOW heard AS ${HEARD}`
}

/** Spans joined to their sessions. Consecutive spans of equal weight are merged, which is most of a play. */
const minutesOf = (sessions: string, periods: readonly Period[]): string => `(SELECT * FROM (
  SELECT key, min(p) AS p_time, max(u) AS until_time, any(n) AS share, any(m) AS most_share, max(q) AS q_time, argMax(next, (segment, place)) AS next_time, max(latest) AS is_latest
  FROM (
    SELECT *, sum(NOT (p = before_u AND n = before_n AND m = before_m)) OVER heard AS run
    FROM (SELECT *, lagInFrame(u) OVER heard AS before_u, lagInFrame(n) OVER heard AS before_n, lagInFrame(m) OVER heard AS before_m FROM (
      SELECT key, segment, place, p_time AS p, q_time AS q, next_time AS next, is_latest AS latest, ${SHARE} AS n, ${MAX_SHARE} AS m, least(q_time, stalled_since + ${STALL_CAP_MS}, p_time + ${IDLE_MS}) AS u
      FROM (${spansOf(periods)})
    ) WINDOW heard AS ${HEARD}) WINDOW heard AS ${HEARD}
  ) GROUP BY key, run
) AS told INNER JOIN (${sessions}) AS session USING key)`
