import type { AggregateAudit } from '../../platform/audit.ts'
import { touchedAudit, type TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { profileDay } from './profile-day.ts'

export {
  arms,
  AT_EXPOSURE,
  experimentsSeen,
  lateExposures,
  reached,
  type ArmRow,
  type AtExposure,
  type Enrolled,
  type ExperimentSeen,
  type LateRow,
} from './queries.ts'
export { outcomeAudits } from './audits.ts'
export { unitExposure } from './exposure.ts'
export { outcomeStep, settleOutcomes, startOutcomes, type OutcomeStep } from './job.ts'
export { migrations } from './migrations.ts'
export { progressOf } from './marks.ts'
export { previewQuery, sliceSharesQuery, type MetricPreview, type SliceShareRow } from './preview.ts'
export { profileDay } from './profile-day.ts'
export { dealtWith, waiting, type DealtWith } from './progress.ts'

export const domains: readonly TouchedDomain[] = [unitExposure, profileDay]
export const audits: readonly AggregateAudit[] = [touchedAudit(unitExposure), touchedAudit(profileDay)]
