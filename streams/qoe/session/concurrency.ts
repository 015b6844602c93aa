import type { Query } from '../../../platform/clickhouse/index.ts'
import { conditionsOf, LIMITS, MOST_ROWS, type Scope } from './ask.ts'
import { sessionLevels, SESSIONS_NOW } from './facts.ts'
import { compose } from './levels.ts'
import type { CONSTANT } from './pipeline.ts'

/** Three missed heartbeats: who is not heard for longer has left. */
export const LEFT_MS = 30_000

/** Who counts at a moment: from `from` (inclusive) to the session's end, of those that `where` takes. Over sessions. */
export const CONCURRENCY = {
  'concurrent_plays:conviva': {
    definition: 'Greatest number of plays at one moment of the interval: from the first frame to the end, or to 30 s after the last record; attempts without a frame are left out, pauses are not.',
    from: 'session_start + startup_ms', where: 'play',
  },
  'concurrent_sessions:playloop': {
    definition: 'The same of all attempts, from their request: those who wait for the start, or fail in it, count too.',
    from: 'session_start', where: '1',
  },
} as const
export type ConcurrencyId = keyof typeof CONCURRENCY

export interface ConcurrencyAsk extends Scope {
  readonly rule: ConcurrencyId
  /** ms; at most MOST_ROWS intervals in the period. */
  readonly interval: number
  /** Dimensions that are constant in a session. */
  readonly groupBy?: readonly (typeof CONSTANT)[number][]
}

export interface ConcurrencyRow {
  /** Start of the interval, ms. */
  readonly at: number
  readonly most: number
}

/**
 * The exact greatest number at one moment, by a sweep over beginnings and ends: +1 and -1 in order of time, ends first. Every
 * interval that a session spans has a mark in it, so none is missed for want of an event. Intervals without anybody have no row.
 */
export function concurrencyQuery(ask: ConcurrencyAsk): Query {
  const { groupBy = [] } = ask
  const [from, to, step] = [ask.from, ask.to, ask.interval].map(Math.trunc) as [number, number, number]
  const { from: begin, where } = CONCURRENCY[ask.rule]
  const conditions = conditionsOf(ask)
  const keys = [...groupBy, 'moment']
  const deltas = compose(SESSIONS_NOW, [
    ...sessionLevels(`${conditions.rows} AND session_start < ${to} AND last_time + ${LEFT_MS} > ${from}`),
    { columns: [`greatest(${begin}, ${from}) AS open_from`, `least(if(ended, last_time, least({now:Int64}, last_time + ${LEFT_MS})), ${to}) AS open_to`], where },
    { columns: [`arrayJoin(arrayConcat(CAST([(open_from, 1), (open_to, -1)], 'Array(Tuple(Int64, Int8))'), CAST(arrayMap(k -> (${from} + k * ${step}, 0), range(toUInt64(intDiv(open_from - ${from}, ${step}) + 1), toUInt64(intDiv(open_to - 1 - ${from}, ${step}) + 1))), 'Array(Tuple(Int64, Int8))'))) AS mark`], where: 'open_to > open_from', apart: true },
    { columns: ['toInt64(mark.1) AS moment'] },
    { columns: ['sum(mark.2) AS delta'], groupBy: keys },
  ], [...keys, 'delta'])
  const named = groupBy.map((name) => `, toString(${name}) AS ${name}`).join('')
  return {
    sql: `SELECT toFloat64(bucket) AS at, toFloat64(max(level)) AS most${named}
FROM (SELECT *, ${from} + intDiv(moment - ${from}, ${step}) * ${step} AS bucket, sum(delta) OVER (${groupBy.length === 0 ? '' : `PARTITION BY ${groupBy.join(', ')} `}ORDER BY moment ROWS UNBOUNDED PRECEDING) AS level FROM (${deltas}))
WHERE moment < ${to} GROUP BY ${['bucket', ...groupBy].join(', ')} HAVING max(level) > 0 ORDER BY at${groupBy.map((name) => `, ${name}`).join('')} LIMIT ${MOST_ROWS} SETTINGS ${LIMITS}`,
    params: { clock: ask.clock, now: ask.now, ...conditions.params },
  }
}
