import { refusing, type Refusing } from '../faulty.ts'

/** Refusals of experiments and metrics. */
export const { refuse, sound }: Refusing = refusing('API_EXPERIMENT_INVALID')
