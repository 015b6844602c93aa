export { eventsTable, stateTable, type DerivedColumn, type TouchedDomain, type ValueColumn } from './domain.ts'
export { AT_MS, domainFill, domainMigration, migrations } from './ddl.ts'
export {
  REPORT_ID_REUSE,
  startTouched,
  touchedJobs,
  type ReportIdReuse,
  type RunningTouched,
  type TouchedOptions,
} from './job.ts'
export { recomputeStep, settle, type Memory } from './step.ts'
export { idReuse, touchedAudit, type IdReuse } from './queries.ts'
