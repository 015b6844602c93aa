import type { Query } from '../../platform/clickhouse/port.ts'

export interface LatestActions {
  /** Start of the minute that the clock has reached, ms, according to its actions. */
  readonly now: number
  readonly total: number
}

/** Only profiles active within this time before the clock's latest record (log time) determine its present, seconds. */
const RECENT_S = 20

/**
 * A clock's present according to its actions: the latest second that at least max(3, 10 %) of the recently active
 * profiles have reached. Not the greatest event time: one phone whose date is 2029 would empty the panel.
 */
export const latestActions = (clock: string): Query => ({
  sql: `
    WITH (SELECT max(received_time) FROM viewer_actions WHERE clock = {clock:String}) AS last
    SELECT
      toFloat64(intDiv(arraySort(x -> -x, groupArray(at))[least(greatest(3, intDiv(count() + 9, 10)), count())], 60000) * 60000) AS now,
      (SELECT toFloat64(count()) FROM viewer_actions WHERE clock = {clock:String}) AS total
    FROM (
      SELECT toUnixTimestamp64Milli(max(event_time)) AS at
      FROM viewer_actions WHERE clock = {clock:String} AND received_time >= last - INTERVAL ${RECENT_S} SECOND
      GROUP BY profile_id
    )
    HAVING count() > 0`,
  params: { clock },
})

/** Names of titles, from the latest catalogue entries. */
export const titleNames = (ids: readonly string[]): Query => ({
  sql: 'SELECT title_id, argMax(name, (version, _offset)) AS name FROM catalog_titles WHERE title_id IN {ids:Array(String)} GROUP BY title_id',
  params: { ids },
})
