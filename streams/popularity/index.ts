import type { AggregateAudit } from '../../platform/audit.ts'
import type { Job } from '../../platform/jobs/index.ts'
import type { PartContext } from '../../platform/module.ts'
import { touchedAudit, touchedJobs, type TouchedDomain } from '../touched/index.ts'
import { titleHour } from './domain.ts'

export { migrations } from './migrations.ts'
export { actionsPerMinute, topTitles, type MinuteActions, type TopTitle } from './queries.ts'
export { titleHour } from './domain.ts'

export const domains: readonly TouchedDomain[] = [titleHour]
export const audits: readonly AggregateAudit[] = [touchedAudit(titleHour)]

/** For the manifest. */
export const jobs = (ctx: PartContext): readonly Job[] => touchedJobs(ctx, domains)
