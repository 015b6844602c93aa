import { service } from '../../platform/services.ts'
import type { TopicName } from '../../schemas/topics.ts'
import type { IdReuse } from './queries.ts'

/**
 * Who is told of events that reuse the id of another, by place; told again until it resolves. The sink makes dead letters
 * of them.
 */
export const ID_REUSES = service<(topic: TopicName, reuses: readonly IdReuse[]) => Promise<void>>('touched.id-reuses')
