import { isExperimentRule, type FlagRule, type RegisteredFlag } from '../../../schemas/experiments/flag.ts'
import { compileFeatures, evaluateFeature, type FeatureResult } from '../assign/index.ts'
import type { Served } from '../definitions/registry.ts'
import { isInForce, payloadOf, type FeaturePayload } from './payload.ts'

/** What a rule did, and which part of it let the unit pass. */
export interface Step {
  readonly rule: string
  readonly outcome: 'decided' | 'passed over' | 'not asked' | 'not in force'
  readonly because: 'condition' | 'prerequisite' | 'share' | 'experiment' | null
}

export interface Explanation {
  readonly value: unknown
  readonly source: FeatureResult['source']
  /** The rule that decided; '' if none did. */
  readonly rule: string
  readonly experiment: string | null
  readonly variation: string | null
  readonly steps: readonly Step[]
}

export interface Asking {
  readonly clock: string
  /** Wall clock, ms. */
  readonly now: number
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a flag gives to a unit, and what each of its rules did: by the evaluation that SDKs do. */
export function explain(served: Served, flag: RegisteredFlag, asking: Asking): Explanation {
  const payload = payloadOf(served, asking.clock, asking.now)
  const result = evaluated(payload, flag.id, asking.attributes)
  const decided = flag.rules.findIndex(({ id }) => result.ruleId !== '' && id === result.ruleId)
  return {
    value: result.value,
    source: result.source,
    rule: result.ruleId,
    experiment: result.experiment?.key ?? null,
    variation: result.experimentResult?.key ?? null,
    steps: flag.rules.map((rule, at) => {
      if (!isServed(payload, flag, rule, asking)) return { rule: rule.id, outcome: 'not in force', because: null }
      if (at === decided) return { rule: rule.id, outcome: 'decided', because: null }
      if (decided >= 0 && at > decided) return { rule: rule.id, outcome: 'not asked', because: null }
      return { rule: rule.id, outcome: 'passed over', because: reasonOf(payload, flag.id, rule, asking.attributes) }
    }),
  }
}

const evaluated = (payload: FeaturePayload, id: string, attributes: Asking['attributes']): FeatureResult =>
  evaluateFeature(compileFeatures(payload), id, { attributes }).result

const isServed = ({ features }: FeaturePayload, { id }: RegisteredFlag, rule: FlagRule, { clock, now }: Asking) =>
  (isExperimentRule(rule) || isInForce(rule, clock, now)) &&
  features[id]?.rules.some((served) => served['id'] === rule.id) === true

/** The first part of the rule that lets the unit pass when it is asked alone. */
function reasonOf(payload: FeaturePayload, id: string, rule: FlagRule, attributes: Asking['attributes']) {
  if (isExperimentRule(rule)) return 'experiment'
  const admits = (part: object): boolean => {
    const feature = { defaultValue: null, rules: [{ id: rule.id, force: true, ...part }] }
    return evaluated({ ...payload, features: { ...payload.features, [id]: feature } }, id, attributes).value === true
  }
  const { parentConditions, condition } = rule
  if (parentConditions !== undefined && !admits({ parentConditions })) return 'prerequisite'
  return condition !== undefined && !admits({ condition }) ? 'condition' : 'share'
}
