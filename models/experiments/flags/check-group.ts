import type { RegisteredGroup } from '../../../schemas/experiments/flag.ts'
import type { DefinitionFault } from '../definitions/check-metric.ts'
import { checkId, type Need } from '../definitions/draft.ts'

/** A requested saved group. */
export interface GroupDraft extends Pick<RegisteredGroup, 'id' | 'values'> {
  readonly description?: string
}

/** Each evaluation's payload carries the values of the groups that it names. */
const MAX_VALUES = 10_000

/** The group that a draft describes, or all its faults. Values that are named twice are kept once. */
export function readGroup(draft: GroupDraft): RegisteredGroup | readonly DefinitionFault[] {
  const faults: DefinitionFault[] = []
  const need: Need = (ok, at, problem) => void (ok || faults.push({ at, problem }))
  const values = [...new Set(draft.values)]
  checkId(draft.id, need)
  need(values.length <= MAX_VALUES, 'values', `must be ${MAX_VALUES} at most: beyond that, target by an attribute`)
  if (faults.length > 0) return faults
  return {
    ...{ id: draft.id, description: draft.description ?? '', values, state: 'active' },
    ...{ revision: 0, action: 'create', by: '', at: 0 },
  }
}
