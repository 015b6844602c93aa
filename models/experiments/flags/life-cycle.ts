import type { RegisteredFlag, RegisteredGroup } from '../../../schemas/experiments/flag.ts'
import type { DefinitionFault } from '../definitions/check-metric.ts'
import type { Moment } from '../definitions/life-cycle.ts'

export const FLAG_ACTIONS = ['kill', 'unkill', 'archive'] as const
export type FlagAction = (typeof FLAG_ACTIONS)[number]

/** What an action changes of a flag. */
const CHANGES: Readonly<Record<FlagAction, Partial<RegisteredFlag>>> = {
  kill: { killed: true },
  unkill: { killed: false },
  archive: { state: 'archived' },
}

type By = Pick<Moment, 'by' | 'at'>

/** The next revision after an action, or the reason why there is none. */
export const actOn = <T extends RegisteredFlag | RegisteredGroup>(
  current: T,
  action: FlagAction,
  by: By,
): T | readonly DefinitionFault[] => next(current, { ...current, ...CHANGES[action] }, action, by)

/** The next revision with the fields of a newly read definition; a killed flag stays killed. */
export const change = <T extends RegisteredFlag | RegisteredGroup>(
  current: T,
  read: T,
  by: By,
): T | readonly DefinitionFault[] =>
  next(current, 'killed' in current ? { ...read, killed: current.killed } : read, 'change', by)

function next<T extends RegisteredFlag | RegisteredGroup>(
  current: T,
  changed: T,
  action: string,
  { by, at }: By,
): T | readonly DefinitionFault[] {
  if (current.state === 'archived')
    return [{ at: 'action', problem: `${action} is for what is active, and ${current.id} is archived` }]
  return { ...changed, revision: current.revision + 1, action, by, at }
}
