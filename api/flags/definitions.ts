import { actOn, change, type DefinitionFault, type FlagAction, type Revisions } from '../../models/experiments/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { RegisteredFlag, RegisteredGroup } from '../../schemas/experiments/flag.ts'
import { fail } from '../errors.ts'
import { refusing, type Refusing } from '../faulty.ts'
import type { ActionOrder } from './schema.ts'

const { refuse, sound }: Refusing = refusing('API_DEFINITION_INVALID')

type By = { readonly by: string }
type Order = By & { readonly revision?: number }

/** Flags or saved groups over their revisions: changes are stored before the response is sent. */
export interface Definitions<Draft, T> {
  all(): Promise<T[]>
  one(id: string): Promise<T>
  revisions(id: string): Promise<{ revisions: T[] }>
  validate(draft: Draft & By): Promise<T>
  create(draft: Draft & By): Promise<T>
  /** Replaces everything but id, type and state. */
  change(id: string, order: Omit<Draft, 'id' | 'type'> & By & { readonly revision: number }): Promise<T>
  act(id: string, action: FlagAction, order: ActionOrder): Promise<T>
}

export interface Kind<Draft, T extends RegisteredFlag | RegisteredGroup> {
  readonly name: 'flag' | 'saved group'
  /** Where all of them are listed. */
  readonly path: string
  readonly kept: Revisions<T>
  read(draft: Draft): Promise<T | readonly DefinitionFault[]>
  /** Whether something of another kind has the id. */
  isTaken(id: string): Promise<boolean>
  /** Ids of what cannot be without this one. */
  neededBy(id: string): Promise<readonly string[]>
}

export function openDefinitions<Draft extends { readonly id: string }, T extends RegisteredFlag | RegisteredGroup>(
  { name: kind, path, kept, ...ask }: Kind<Draft, T>,
  clock: Clock,
): Definitions<Draft, T> {
  const one = async (id: string): Promise<T> =>
    (await kept.one(id)) ?? Promise.reject(fail('API_DEFINITION_UNKNOWN', { kind, id, path }))
  /** The definition that somebody wants to change, if it still stands where they saw it. */
  const seen = async (id: string, { revision }: Order): Promise<T> => {
    const current = await one(id)
    if (revision !== undefined && revision !== current.revision)
      throw fail('API_DEFINITION_MOVED', { kind, id, revision: current.revision })
    return current
  }
  const write = async (next: T | readonly DefinitionFault[]): Promise<T> => {
    const definition = sound<T>(next)
    const { id, revision } = definition
    if (await kept.write(definition)) return definition
    throw revision === 0 ? fail('API_DEFINITION_TAKEN', { id }) : fail('API_DEFINITION_MOVED', { kind, id, revision })
  }
  const validate = async ({ by, ...draft }: Draft & By): Promise<T> => ({
    ...sound<T>(await ask.read(draft as unknown as Draft)),
    by,
    at: clock.now(),
  })
  const unneeded = async (id: string): Promise<void> => {
    const needing = await ask.neededBy(id)
    if (needing.length > 0)
      refuse([{ at: 'action', problem: `${needing.join(', ')} needs it: change or archive that before` }])
  }

  return {
    one,
    validate,
    all: () => kept.all(),
    async revisions(id) {
      await one(id)
      return { revisions: await kept.revisions(id) }
    },
    async create(draft) {
      const definition = await validate(draft)
      if (await ask.isTaken(draft.id)) throw fail('API_DEFINITION_TAKEN', { id: draft.id })
      return write(definition)
    },
    async change(id, { by, revision, ...fields }) {
      const current = await seen(id, { by, revision })
      const type = 'type' in current ? { type: current.type } : {}
      const next = sound<T>(await ask.read({ id, ...type, ...fields } as unknown as Draft))
      return write(change(current, next, { by, at: clock.now() }))
    },
    async act(id, action, order) {
      const current = await seen(id, order)
      if (action === 'archive') await unneeded(id)
      return write(actOn(current, action, { by: order.by, at: clock.now() }))
    },
  }
}
