import type { Query } from '../../platform/clickhouse/port.ts'
import { HOUR_MS } from '../../platform/time.ts'

export interface TimeRange {
  /** The clock of the range: 'live', 'world', 'replay:…'. */
  readonly clock: string
  /** Inclusive, ms since the epoch of that clock. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** A title's figures over whole hours: those that begin within the range. */
export interface TopTitle {
  readonly title_id: string
  readonly impressions: number
  readonly clicks: number
  readonly plays: number
  readonly finishes: number
  readonly ratings: number
  /** Mean of the ratings that have stars, stars x 100; null without any. */
  readonly rating_centi: number | null
}

/**
 * Titles with the most plays and ratings in a range; ties by the smaller id. `title_hour_v1` is sorted by (clock,
 * hour).
 */
export function topTitles({ clock, from, to, limit }: TimeRange & { readonly limit: number }): Query {
  return {
    sql: `
      SELECT title_id, toFloat64(sum(impressions)) AS impressions, toFloat64(sum(clicks)) AS clicks, toFloat64(sum(t.plays)) AS plays,
        toFloat64(sum(finishes)) AS finishes, toFloat64(sum(t.ratings)) AS ratings,
        if(sum(t.rated) = 0, NULL, sum(rating_centi_sum) / sum(t.rated)) AS rating_centi
      FROM title_hour_v1 AS t FINAL
      WHERE clock = {clock:String} AND hour >= {from:Int64} AND hour < {to:Int64} AND profiles > 0
      GROUP BY title_id
      ORDER BY plays + ratings DESC, title_id
      LIMIT {limit:UInt32}`,
    params: { clock, from: from - modulo(from, HOUR_MS), to, limit },
  }
}

export interface MinuteActions {
  /** Start of the minute, ms since the epoch. */
  readonly minute: number
  readonly action: string
  /** Distinct events. */
  readonly events: number
}

/** Distinct actions per minute and kind. Reads the index of title_hour, which stores an hour of a clock together. */
export function actionsPerMinute({ clock, from, to }: TimeRange): Query {
  return {
    sql: `
      SELECT toFloat64(at_ms - positiveModulo(at_ms, 60000)) AS minute, action, toFloat64(uniqExact(event_id)) AS events
      FROM title_hour_events_v1
      WHERE clock = {clock:String} AND hour >= {hour:Int64} AND hour < {to:Int64}
        AND at_ms >= {from:Int64} AND at_ms < {to:Int64} AND NOT is_erasure
      GROUP BY minute, action
      ORDER BY minute, action`,
    params: { clock, hour: from - modulo(from, HOUR_MS), from, to },
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by
