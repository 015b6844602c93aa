import type { AggregateAudit } from '../../platform/audit.ts'
import type { Job } from '../../platform/jobs/index.ts'
import type { PartContext } from '../../platform/module.ts'
import { touchedAudit, touchedJobs } from '../touched/index.ts'
import { domains } from './domains.ts'
import { outcomeJob } from './job.ts'

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
export { progressOf } from './marks.ts'
export { previewQuery, sliceSharesQuery, type MetricPreview, type SliceShareRow } from './preview.ts'
export { profileDay } from './profile-day.ts'
export { dealtWith, waiting, type DealtWith } from './progress.ts'

export const audits: readonly AggregateAudit[] = domains.map(touchedAudit)

/** For the manifest. */
export const jobs = (ctx: PartContext): readonly Job[] => [...touchedJobs(ctx, domains), outcomeJob(ctx)]
