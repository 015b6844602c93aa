import type { AggregateAudit } from '../../platform/audit.ts'
import type { Migration } from '../../platform/clickhouse/migrate.ts'
import { domainMigration, touchedAudit, type TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'

export { arms, AT_EXPOSURE, experimentsSeen, type ArmRow, type AtExposure, type Enrolled, type ExperimentSeen } from './queries.ts'
export { unitExposure } from './exposure.ts'

export const domains: readonly TouchedDomain[] = [unitExposure]
export const audits: readonly AggregateAudit[] = [touchedAudit(unitExposure)]
/** After those of the landing tables and of streams/touched. */
export const migrations: readonly Migration[] = [domainMigration(unitExposure)]
