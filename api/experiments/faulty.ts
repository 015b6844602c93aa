import type { DefinitionFault } from '../../models/experiments/index.ts'
import { fail } from '../errors.ts'

/** Fails with all faults at once: they are in `faults` of the problem, next to its message. */
export function refuse(faults: readonly DefinitionFault[]): never {
  const words = faults
    .slice(0, 5)
    .map(({ at, problem }) => `${at === '' ? 'it' : at} ${problem}`)
    .join('; ')
  throw Object.assign(
    fail('API_EXPERIMENT_INVALID', { problem: faults.length > 5 ? `${words}; and ${faults.length - 5} more` : words }),
    { faults },
  )
}

export const isFaulty = <T extends object>(read: T | readonly DefinitionFault[]): read is readonly DefinitionFault[] =>
  Array.isArray(read)

/** Returns the value, or fails with its faults. */
export const sound = <T extends object>(read: T | readonly DefinitionFault[]): T =>
  isFaulty(read) ? refuse(read) : read
