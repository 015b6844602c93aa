import type { Migration } from '../../platform/clickhouse/index.ts'
import { PLAIN_DDL } from './plain/tables.ts'
import { segmentFill, segmentTable, segmentView } from './session/ddl.ts'
import { progressTable, touchedTable } from './session/job-queries.ts'
import { sessionTable } from './session/row.ts'
import { STATE_DDL } from './state.ts'

export const migrations: Migration[] = [
  { id: 'qoe/minute_v1', statements: STATE_DDL },
  // Adds what landed before. Rows that land meanwhile are added twice, which changes no maximum.
  { id: 'qoe/segment_v1', statements: [segmentTable, segmentView, segmentFill] },
  // The job fills it, and from now on also the segments: its first step begins at the start of the log.
  {
    id: 'qoe/session_v1',
    statements: [sessionTable, progressTable, touchedTable, 'DROP VIEW IF EXISTS qoe_segment_v1_mv'],
  },
  // All sessions are made again once, now with timelines: the job begins at the start of the log.
  { id: 'qoe/plain_v1', statements: [...PLAIN_DDL, 'TRUNCATE TABLE qoe_session_progress_v1'] },
]
