import type { DefinitionFault } from '../models/experiments/index.ts'
import { fail } from './errors.ts'

type Read<T> = T | readonly DefinitionFault[]

export interface Refusing {
  /** Fails with all faults at once: they are in `faults` of the problem, next to its message. */
  refuse(this: void, faults: readonly DefinitionFault[]): never
  /** Returns the value, or fails with its faults. */
  sound<T extends object>(this: void, read: Read<T>): T
}

/** Refusals of definitions and actions, under the code of what is defined. */
export function refusing(code: 'API_EXPERIMENT_INVALID' | 'API_DEFINITION_INVALID'): Refusing {
  const refuse = (faults: readonly DefinitionFault[]): never => {
    const words = faults
      .slice(0, 5)
      .map(({ at, problem }) => `${at === '' ? 'it' : at} ${problem}`)
      .join('; ')
    const problem = faults.length > 5 ? `${words}; and ${faults.length - 5} more` : words
    throw Object.assign(fail(code, { problem }), { faults })
  }
  return { refuse, sound: (read) => (isFaulty(read) ? refuse(read) : read) }
}

const isFaulty = <T extends object>(read: Read<T>): read is readonly DefinitionFault[] => Array.isArray(read)
