/** Features as in the response of GrowthBook's `/api/features/KEY`, compiled once. */
import { attributeOf, identify } from './attribute.ts'
import { compileChoice, type Choice } from './bandit.ts'
import { within } from './bucket.ts'
import { compileCondition, type SavedGroups } from './condition.ts'
import { readRule, type Rule } from './definition.ts'
import { compileParents, identitiesOf, type Parent, type Run } from './experiment.ts'
import { hashOf } from './hash.ts'
import { isObject, listOf, type Json } from './json.ts'
import { compileFilters } from './namespace.ts'
import { stickyKey } from './sticky.ts'

export interface Payload {
  readonly features?: unknown
  readonly savedGroups?: unknown
  readonly contextualBandits?: unknown
}

/** Whether a unit gets a forced value. */
type Admission = (run: Pick<Run, 'attributes' | 'sticky'>) => boolean

export interface CompiledRule {
  readonly id: string
  /** Names of invalid fields. If there are any, the feature ends here at its default: later rules rely on this one. */
  readonly faults: readonly string[]
  readonly parents: readonly Parent[]
  readonly inLayer: (attributes: Json) => boolean
  readonly force: { readonly value: unknown; readonly admits: Admission } | undefined
  readonly choice: Choice | undefined
  /** Attributes used to assign variations. */
  readonly assignsBy: readonly string[]
}
export interface Feature {
  readonly value: unknown
  readonly rules: readonly CompiledRule[]
}
export type Features = ReadonlyMap<string, Feature>

interface Scope {
  readonly groups: SavedGroups
  readonly bandits: Json
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {})

export function compileFeatures({ features, savedGroups, contextualBandits }: Payload): Features {
  const scope = { groups: objectOf(savedGroups) as SavedGroups, bandits: objectOf(contextualBandits) }
  return new Map(Object.entries(objectOf(features)).map(([id, raw]) => [id, compileFeature(id, objectOf(raw), scope)]))
}

const compileFeature = (id: string, { defaultValue, rules }: Json, scope: Scope): Feature => ({
  value: defaultValue ?? null,
  rules: listOf(rules).map((raw) => compileRule(id, raw, scope)),
})

function compileRule(feature: string, raw: unknown, { groups, bandits }: Scope): CompiledRule {
  const { definition: rule, faults } = readRule(raw)
  const assigns = (rule.contextualVariations ?? rule.variations) !== undefined
  return {
    id: rule.id ?? '',
    faults,
    parents: compileParents(rule.parentConditions, groups),
    inLayer: compileFilters(rule.filters ?? []),
    force:
      isObject(raw) && Object.hasOwn(raw, 'force')
        ? { value: raw['force'], admits: compileRollout(rule, feature, groups) }
        : undefined,
    choice: assigns ? compileChoice(rule, feature, groups, bandits) : undefined,
    assignsBy: assigns ? [rule.hashAttribute || 'id', ...(rule.fallbackAttribute ? [rule.fallbackAttribute] : [])] : [],
  }
}

/** Which units get a forced value: those that match the condition and lie in the range or share. */
function compileRollout(rule: Rule, feature: string, groups: SavedGroups): Admission {
  const condition = rule.condition && compileCondition(rule.condition, groups)
  const share = compileShare(rule, feature)
  return (run) => (condition === undefined || condition(run.attributes)) && (share === undefined || share(run))
}

/** For a share, its coverage is inclusive; the end of a range is exclusive. */
function compileShare(rule: Rule, feature: string): Admission | undefined {
  const { range, coverage, seed, hashVersion, hashAttribute, fallbackAttribute } = rule
  if (range === undefined && coverage === undefined) return undefined
  const hash = hashOf(seed || feature, hashVersion || 1)
  const by = {
    attribute: attributeOf(hashAttribute || undefined),
    fallback: fallbackAttribute ? attributeOf(fallbackAttribute) : undefined,
    sticks: rule.disableStickyBucketing !== true,
  }
  const holds = (bucket: number): boolean => (range ? within(bucket, range) : coverage! > 0 && bucket <= coverage!)
  return (run) => {
    const text = identitiesOf(by, run).find((identity) => identity.text !== '')?.text
    return hash !== undefined && text !== undefined && holds(hash(text))
  }
}

/** Keys of the unit's sticky documents that an evaluation may read. */
export function stickyKeys(features: Features, attributes: Json): string[] {
  const names = new Set([...features.values()].flatMap(({ rules }) => rules.flatMap(({ assignsBy }) => assignsBy)))
  return [...names]
    .map((name) => identify(attributes, attributeOf(name)))
    .filter(({ text }) => text !== '')
    .map(({ attribute, text }) => stickyKey(attribute, text))
}
