import type { AggregateAudit } from '../../platform/audit.ts'
import { touchedAudit, type TouchedDomain } from '../touched/index.ts'
import { titleHour } from './domain.ts'

export { migrations } from './migrations.ts'
export { actionsPerMinute, topTitles, type MinuteActions, type TopTitle } from './queries.ts'
export { titleHour } from './domain.ts'

export const domains: readonly TouchedDomain[] = [titleHour]
export const audits: readonly AggregateAudit[] = [touchedAudit(titleHour)]
