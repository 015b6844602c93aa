import type { Query } from '../../platform/clickhouse/port.ts'
import { blockOf, eventsTable, workOf, type TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { SESSIONS, UNITS } from './marks.ts'
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
  WHERE e._block_number <= ${blockOf(workOf(domain, 'keys'))} GROUP BY partition`

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
      ${[UNITS, SESSIONS]
        .map(({ table, work }) => `SELECT count() AS marks FROM ${table} WHERE _block_number > ${blockOf(work)}`)
        .join(' UNION ALL ')}
    )`,
}
