/** Contextual bandits: the first leaf whose condition holds gives the weights; the unit's bucket does not change. */
import { equalWeights } from './bucket.ts'
import { compileCondition, type SavedGroups, type Test } from './condition.ts'
import { bucketedOf, readBandit, type Bandit, type Bucketed, type Rule } from './definition.ts'
import { compileExperiment, type Experiment, type Leaf } from './experiment.ts'
import { type Json } from './json.ts'

const FALLBACK = -1

/** The experiment of a rule; for a bandit, the experiment with the weights of the leaf that matches the attributes. */
export type Choice = (attributes: Json) => Experiment

/** `bandits` are definitions by name; a rule whose bandit is missing or invalid is a normal experiment. */
export function compileChoice(rule: Rule, key: string, groups: SavedGroups, bandits: Json): Choice {
  const definition: Bucketed = {
    ...bucketedOf(rule),
    key: rule.key || key,
    variations: rule.contextualVariations ?? rule.variations ?? [],
  }
  const name = rule.contextualBanditRef
  const { definition: bandit, faults } = readBandit(
    name !== undefined && Object.hasOwn(bandits, name) ? bandits[name] : undefined,
  )
  if (faults.length > 0) return always(compileExperiment({ definition, faults: [] }, groups))
  return compileLeaves(definition, bandit, groups)
}

const always =
  (experiment: Experiment): Choice =>
  () =>
    experiment

function compileLeaves(definition: Bucketed, { banditVersion, contexts = [] }: Bandit, groups: SavedGroups): Choice {
  const version = banditVersion === undefined ? {} : { banditVersion }
  const of = (leaf: Leaf): Experiment =>
    compileExperiment({ definition: { ...definition, weights: leaf.variationWeights }, faults: [] }, groups, leaf)
  const leaves: readonly (readonly [Test, Experiment])[] = contexts.map(({ leafId, condition, weights }) => [
    compileCondition(condition ?? {}, groups),
    of({ leafId, variationWeights: weights, ...version }),
  ])
  const rest = of({
    leafId: FALLBACK,
    variationWeights: definition.weights ?? equalWeights(definition.variations?.length ?? 0),
    ...version,
  })
  return (attributes) => leaves.find(([holds]) => holds(attributes))?.[1] ?? rest
}
