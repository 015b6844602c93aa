export { eventsTable, workOf, type DerivedColumn, type TouchedDomain, type ValueColumn } from './domain.ts'
export { AT_MS, domainBlocks, domainFill, domainMigration, migrations } from './ddl.ts'
export {
  blockOf,
  cursorFromTime,
  IN_BLOCKS,
  keepBlockNumbers,
  newBlocks,
  placeOf,
  readCursor,
  saveCursor,
  type Block,
  type Blocks,
  type Cursor,
} from './cursor.ts'
export { REPORT_ID_REUSE, startTouched, type ReportIdReuse, type RunningTouched, type TouchedOptions } from './job.ts'
export { recomputeStep, settle, type Memory } from './step.ts'
export { idReuse, recomputeFrom, touchedAudit, type IdReuse } from './queries.ts'
