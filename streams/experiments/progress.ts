import type { Query } from '../../platform/clickhouse/port.ts'
import { eventsTable, stateTable, type TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { marked } from './marks.ts'
import { profileDay } from './profile-day.ts'

/** The progress of outcomes as offsets of the log: every relevant record before them has been counted. */
export interface DealtWith {
  readonly topic: string
  readonly partition: number
  /** Offset of the first record not counted. */
  readonly offset: number
}

const indexed = (
  domain: TouchedDomain,
): string => `SELECT '${domain.topic}' AS topic, e._partition AS partition, max(e._offset) + 1 AS offset FROM ${eventsTable(domain)} AS e
  WHERE e.landed_at <= fromUnixTimestamp64Milli((SELECT max(cursor_ms) FROM touched_progress_v1 WHERE domain = '${stateTable(domain)}')) GROUP BY partition`

export const dealtWith: Query = {
  sql: `SELECT topic, partition, toFloat64(offset) AS offset FROM (
      ${indexed(unitExposure)}
      UNION ALL ${indexed(profileDay)}
      UNION ALL SELECT 'playback.telemetry' AS topic, p.partition AS partition, max(p.offset) AS offset FROM qoe_session_progress_v1 AS p GROUP BY partition
    ) ORDER BY topic, partition`,
}

/** Marks that no step has processed yet: 0 means that outcomes include everything up to these offsets. */
export const waiting: Query = {
  sql: `SELECT toFloat64(sum(marks)) AS marks FROM (
      ${[
        ['unit_mark_v1', 'units'],
        ['session_mark_v1', 'sessions'],
      ]
        .map(
          ([table, work]) =>
            `SELECT count() AS marks FROM ${table} WHERE ${marked.replace('fromUnixTimestamp64Milli({after:Int64})', `fromUnixTimestamp64Milli((SELECT max(cursor_ms) FROM unit_outcome_progress_v1 WHERE work = '${work}'))`)}`,
        )
        .join(' UNION ALL ')}
    )`,
  params: { upTo: 4_102_444_800_000 },
}
