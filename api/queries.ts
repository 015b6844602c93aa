import type { Query } from '../platform/clickhouse/port.ts'

export interface LatestActions {
  /** Start of the latest minute that three profiles have reached, ms. */
  readonly now: number
  readonly total: number
}

/**
 * A clock's present by its actions: the third-latest profile, so that one wrong clock does not move it.
 * Reads two columns of the clock's rows; asked at most once a few seconds by a page.
 */
export const latestActions = (clock: string): Query => ({
  sql: `
    SELECT toFloat64(intDiv(arraySort(x -> -x, groupArray(last))[toUInt32(least(3, count()))], 60000) * 60000) AS now, toFloat64(sum(n)) AS total
    FROM (
      SELECT profile_id, toUnixTimestamp64Milli(max(event_time)) AS last, count() AS n
      FROM viewer_actions WHERE clock = {clock:String} GROUP BY profile_id
    )
    HAVING total > 0`,
  params: { clock },
})
