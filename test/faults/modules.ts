import type { AggregateAudit } from '../../platform/audit.ts'
import { audits as experiments } from '../../streams/experiments/index.ts'
import { audits as popularity } from '../../streams/popularity/index.ts'
import { audits as qoe } from '../../streams/qoe/audits.ts'

/** Every aggregate that follows from the log alone, with its recomputation. */
export const allAudits: readonly AggregateAudit[] = [...experiments, ...popularity, ...qoe]
