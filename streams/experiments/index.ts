import type { AggregateAudit } from '../../platform/audit.ts'
import { touchedAudit } from '../touched/index.ts'
import { domains } from './domains.ts'

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
export { domains } from './domains.ts'
export { outcomeJob, outcomeStep, settleOutcomes, type OutcomeStep } from './job.ts'
export { migrations } from './migrations.ts'
export { counted } from './marks.ts'
export { audienceQuery, type AudienceRow } from './audience.ts'
export { isOwner, type Owner } from './owners.ts'
export { previewQuery, sliceSharesQuery, type MetricPreview, type SliceShareRow } from './preview.ts'

export { asOf } from './as-of.ts'
export { cutOf, passedCut } from './cut.ts'
export { dealtWith, waiting, type DealtWith } from './progress.ts'

export const audits: readonly AggregateAudit[] = domains.map(touchedAudit)
