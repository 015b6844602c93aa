import type { Migration } from '../../platform/clickhouse/migrate.ts'
import { domainBlocks, domainFill, domainMigration } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { exposureMarks, markBlocks, markTables, markViews, progressTable } from './marks.ts'
import { outcomeTable } from './outcome.ts'
import { profileDay } from './profile-day.ts'
import { unitSessions } from './session-fact.ts'

/** Must follow the landing tables, streams/touched and the sessions of streams/qoe: views read all of them. */
export const migrations: readonly Migration[] = [
  domainMigration(unitExposure),
  domainFill(unitExposure),
  domainMigration(profileDay),
  domainFill(profileDay),
  {
    id: 'experiments/outcomes/v1',
    statements: [unitSessions, ...markTables, ...markViews, progressTable, outcomeTable],
  },
  // Existing sessions: the job assigns their owners.
  {
    id: 'experiments/outcomes/v1/fill',
    statements: [
      'INSERT INTO session_mark_v1 SELECT clock, session_id, instance, now64(3) AS landed_at FROM qoe_session_v1 FINAL',
    ],
  },
  // Development versions counted exposures in their state, so that every exposure was a change.
  {
    id: 'experiments/unit_exposure/v1/gone',
    statements: [
      exposureMarks,
      ...['unit_mark_of_exposure_mv_v1', 'unit_exposure_events_mv_v1'].map((name) => `DROP VIEW IF EXISTS ${name}`),
      ...['unit_exposure_events_v1', 'unit_exposure_v1'].map((name) => `DROP TABLE IF EXISTS ${name}`),
    ],
  },
  domainBlocks(unitExposure),
  domainBlocks(profileDay),
  { id: 'experiments/outcomes/v1/blocks', statements: markBlocks },
]
