import type { Migration } from '../../platform/clickhouse/migrate.ts'
import { domainFill, domainMigration } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { markTables, markViews, progressTable } from './marks.ts'
import { outcomeTable } from './outcome.ts'
import { profileDay } from './profile-day.ts'
import { unitSessions } from './session-fact.ts'

/** After the landing tables, streams/touched and the sessions of streams/qoe: views stand on all of them. */
export const migrations: readonly Migration[] = [
  domainMigration(unitExposure),
  domainMigration(profileDay),
  domainFill(profileDay),
  { id: 'experiments/outcomes/v1', statements: [unitSessions, ...markTables, ...markViews, progressTable, outcomeTable] },
  // Sessions that were there before: the job gives them their owners.
  { id: 'experiments/outcomes/v1/fill', statements: ['INSERT INTO session_mark_v1 SELECT clock, session_id, instance, now64(3) AS landed_at FROM qoe_session_v1 FINAL'] },
]
