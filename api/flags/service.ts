import {
  explain,
  flagsThatNeed,
  openRegistry,
  readFlag,
  readGroup,
  usersOfGroup,
  type Explanation,
  type FlagDraft,
  type GroupDraft,
} from '../../models/experiments/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import type { RegisteredFlag, RegisteredGroup } from '../../schemas/experiments/flag.ts'
import { attributesOf } from '../attributes.ts'
import { openDefinitions, type Definitions } from './definitions.ts'
import type { EvaluationQuestion } from './schema.ts'

export interface Evaluation extends Explanation {
  readonly flag: string
  readonly revision: number
  readonly clock: string
  readonly at: number
}

export interface FlagService {
  readonly flags: Definitions<FlagDraft, RegisteredFlag>
  readonly groups: Definitions<GroupDraft, RegisteredGroup>
  /** What a unit gets, and which rule decides. */
  evaluation(id: string, question: EvaluationQuestion): Promise<Evaluation>
}

export function openFlags({ store, clock }: { readonly store: Store; readonly clock: Clock }): FlagService {
  const registry = openRegistry(store)
  const flags = openDefinitions<FlagDraft, RegisteredFlag>(
    {
      name: 'flag',
      path: '/v1/flags',
      kept: registry.flags,
      async read(draft) {
        const [experiments, known, groups] = await Promise.all([
          registry.experiments(),
          registry.flags.served(),
          registry.groups.served(),
        ])
        return readFlag(draft, { experiments, flags: known, groups: groups.map(({ id }) => id) })
      },
      isTaken: async (id) => (await registry.experiment(id)) !== undefined,
      neededBy: async (id) => flagsThatNeed(id, await registry.flags.served()),
    },
    clock,
  )
  const groups = openDefinitions<GroupDraft, RegisteredGroup>(
    {
      name: 'saved group',
      path: '/v1/saved-groups',
      kept: registry.groups,
      read: async (draft) => readGroup(draft),
      isTaken: async () => false,
      neededBy: async (id) => usersOfGroup(id, await registry.flags.served(), await registry.experiments()),
    },
    clock,
  )
  return {
    flags,
    groups,
    async evaluation(id, { clock: name, attributes, at = clock.now() }) {
      const flag = await flags.one(id)
      const asking = { clock: name, now: at, attributes: attributesOf(attributes) }
      const explained = explain(await registry.served(), flag, asking)
      return { flag: id, revision: flag.revision, clock: name, at, ...explained }
    },
  }
}
