export { type DerivedColumn, type TouchedDomain, type ValueColumn } from './domain.ts'
export { AT_MS, domainFill, domainMigration, migrations } from './ddl.ts'
export { recomputeStep, settle, startTouched, type RunningTouched, type TouchedOptions } from './job.ts'
export { idReuse, touchedAudit, type IdReuse } from './queries.ts'
