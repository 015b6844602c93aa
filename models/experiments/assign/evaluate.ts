/** Evaluation: the value of a feature, the variation of an experiment. */
import {
  runExperiment,
  toldOf,
  type Context,
  type Experiment,
  type Exposure,
  type Parent,
  type Result,
  type Run,
  type Told,
} from './experiment.ts'
import { type CompiledRule, type Features } from './feature.ts'
import { isObject, MAX_DEPTH } from './json.ts'
import { type StickyDocuments } from './sticky.ts'

export interface FeatureResult {
  readonly value: unknown
  readonly on: boolean
  readonly off: boolean
  readonly source: 'unknownFeature' | 'defaultValue' | 'force' | 'experiment' | 'prerequisite' | 'cyclicPrerequisite'
  readonly ruleId: string
  readonly experiment?: Told
  readonly experimentResult?: Result
}

/** A result, its exposures, and the unit's updated sticky documents (the same object if nothing changed). */
export interface Evaluation<T> {
  readonly result: T
  readonly exposures: readonly Exposure[]
  readonly sticky: StickyDocuments | undefined
}

const NO_FEATURES: Features = new Map()

/**
 * The value of a feature for a unit. Never throws: a unit without an identity, or with an invalid rule, gets the
 * default.
 */
export function evaluateFeature(features: Features, id: string, context: Context): Evaluation<FeatureResult> {
  const evaluator = new Evaluator(features, context)
  return { result: evaluator.feature(id), exposures: evaluator.exposures, sticky: evaluator.sticky }
}

/** The variation of an experiment for a unit; `features` are its possible prerequisites. Never throws. */
export function assign(experiment: Experiment, context: Context, features: Features = NO_FEATURES): Evaluation<Result> {
  const evaluator = new Evaluator(features, context)
  return { result: runExperiment(experiment, evaluator), exposures: evaluator.exposures, sticky: evaluator.sticky }
}

const resultOf = (value: unknown, source: FeatureResult['source'], ruleId = ''): FeatureResult => ({
  value,
  on: Boolean(value),
  off: !value,
  source,
  ruleId,
})
const CYCLIC = resultOf(null, 'cyclicPrerequisite')
const BLOCKED = resultOf(null, 'prerequisite')

/** One evaluation; each prerequisite is evaluated only once. */
class Evaluator implements Run {
  readonly context: Context
  readonly attributes: Run['attributes']
  readonly exposures: Exposure[] = []
  sticky: StickyDocuments | undefined
  readonly #features: Features
  readonly #known = new Map<string, FeatureResult>()

  constructor(features: Features, context: Context) {
    this.#features = features
    this.context = context
    this.attributes = isObject(context.attributes) ? context.attributes : {}
    this.sticky = isObject(context.sticky) ? context.sticky : undefined
  }

  feature(id: string): FeatureResult {
    return this.#feature(id, [])
  }

  /**
   * Results are cached unless there was a cycle: then the result depends on the path, and is only returned to the
   * caller.
   */
  #feature(id: string, path: readonly string[]): FeatureResult {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    if (path.includes(id) || path.length > MAX_DEPTH) return CYCLIC
    const result = this.#evaluated(id, [...path, id])
    if (result !== CYCLIC) this.#known.set(id, result)
    return result
  }

  fulfils({ id, test }: Parent): boolean {
    const result = this.feature(id)
    return result !== CYCLIC && test({ value: result.value })
  }

  #evaluated(id: string, path: readonly string[]): FeatureResult {
    const feature = this.#features.get(id)
    if (feature === undefined) return resultOf(null, 'unknownFeature')
    for (const rule of feature.rules) {
      if (rule.faults.length > 0) break
      const result = this.#ruled(rule, id, path)
      if (result !== undefined) return result
    }
    return resultOf(feature.value, 'defaultValue')
  }

  /** The result of a rule; undefined if the next rule decides. */
  #ruled(rule: CompiledRule, id: string, path: readonly string[]): FeatureResult | undefined {
    for (const parent of rule.parents) {
      const result = this.#feature(parent.id, path)
      if (result === CYCLIC) return CYCLIC
      if (!parent.test({ value: result.value })) return parent.gate ? BLOCKED : undefined
    }
    if (!rule.inLayer(this.attributes)) return undefined
    if (rule.force !== undefined)
      return rule.force.admits(this) ? resultOf(rule.force.value, 'force', rule.id) : undefined
    return rule.choice && this.#assigned(rule.choice(this.attributes), rule, id)
  }

  #assigned(experiment: Experiment, rule: CompiledRule, id: string): FeatureResult | undefined {
    const result = runExperiment(experiment, this, id)
    if (!result.inExperiment || result.passthrough === true) return undefined
    return {
      ...resultOf(result.value, 'experiment', rule.id),
      experiment: toldOf(experiment, result),
      experimentResult: result,
    }
  }
}
