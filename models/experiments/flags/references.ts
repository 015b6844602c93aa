import { isExperimentRule, type ForceRule, type RegisteredFlag } from '../../../schemas/experiments/flag.ts'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { groupsIn } from '../assign/index.ts'

/** Rules of a flag that ask for the value of a flag or experiment. */
export const rulesThatAsk = ({ rules }: Pick<RegisteredFlag, 'rules'>, id: string): ForceRule[] =>
  rules.filter(
    (rule): rule is ForceRule =>
      !isExperimentRule(rule) && rule.parentConditions?.some((parent) => parent.id === id) === true,
  )

/** Ids of the active flags that rest on a flag or experiment: by a prerequisite, or by a rule that names it. */
export const flagsThatNeed = (id: string, flags: readonly RegisteredFlag[]): string[] =>
  flags
    .filter(
      (flag) =>
        flag.state === 'active' &&
        (rulesThatAsk(flag, id).length > 0 ||
          flag.rules.some((rule) => isExperimentRule(rule) && rule.experiment === id)),
    )
    .map((flag) => flag.id)

/** Ids of the flags and experiments whose conditions name a saved group. */
export const usersOfGroup = (
  group: string,
  flags: readonly RegisteredFlag[],
  experiments: readonly RegisteredExperiment[],
): string[] =>
  [
    ...flags.map(({ id, state, rules }) => ({ id, state, conditions: rules })),
    ...experiments.map(({ id, state, bucketing, forced }) => ({ id, state, conditions: [bucketing, forced] })),
  ]
    .filter(({ state, conditions }) => state !== 'archived' && groupsIn(conditions).includes(group))
    .map(({ id }) => id)

/** The flags by which `from` asks for the value of `to`, both included; undefined if it does not. */
export function wayTo(from: string, to: string, flags: readonly RegisteredFlag[]): readonly string[] | undefined {
  const seen = new Set<string>()
  const search = (id: string): readonly string[] | undefined => {
    if (id === to) return [id]
    if (seen.has(id)) return undefined
    seen.add(id)
    const parents = flags.find((flag) => flag.id === id)?.rules.flatMap(parentsOf) ?? []
    for (const parent of parents) {
      const rest = search(parent)
      if (rest !== undefined) return [id, ...rest]
    }
    return undefined
  }
  return search(from)
}

const parentsOf = (rule: RegisteredFlag['rules'][number]): string[] =>
  isExperimentRule(rule) ? [] : (rule.parentConditions ?? []).map(({ id }) => id)
