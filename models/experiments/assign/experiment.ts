/** One experiment: compiled once, then evaluated for each unit. The order of the checks is GrowthBook's. */
import { attributeOf, identify, type Attribute, type Identity } from './attribute.ts'
import { chooseVariation, rangesOf, type Range } from './bucket.ts'
import { compileCondition, type SavedGroups, type Test } from './condition.ts'
import { type ExperimentDefinition, type ParentCondition, type Reading } from './definition.ts'
import { hashOf, type Hash } from './hash.ts'
import { type Json } from './json.ts'
import { compileFilters, compileNamespace } from './namespace.ts'
import { queryOverride } from './override.ts'
import { stick, stuckTo, type StickyDocuments, type StickyRule } from './sticky.ts'

/** What is known about the unit. */
export interface Context {
  readonly attributes?: Json
  /** The address of the page, where `?EXPERIMENT=NUMBER` requests a variation. */
  readonly url?: string
  readonly forcedVariations?: Readonly<Record<string, number>>
  /** The unit's sticky documents; if absent, nothing is sticky and the fallback attribute is not read. */
  readonly sticky?: StickyDocuments
  readonly enabled?: boolean
  /** Only forced variations count. */
  readonly qaMode?: boolean
}

/** The leaf of a contextual bandit that gave the weights; -1 if none matched. */
export interface Leaf {
  readonly leafId: number
  readonly variationWeights: readonly number[]
  readonly banditVersion?: number
}

export interface Result extends Partial<Leaf> {
  readonly key: string
  readonly featureId: string | null
  readonly inExperiment: boolean
  readonly hashUsed: boolean
  readonly variationId: number
  readonly value: unknown
  readonly hashAttribute: string
  readonly hashValue: unknown
  readonly stickyBucketUsed: boolean
  readonly bucket?: number
  readonly name?: string
  readonly passthrough?: boolean
}

/** An experiment as returned: the fields that were read, and the leaf if a bandit chose the weights. */
export type Told = ExperimentDefinition & { readonly contextualBandit?: Leaf }

/** A unit that was assigned by its bucket: to be recorded before the variation is applied. */
export interface Exposure {
  readonly experiment: Told
  readonly result: Result
}

/** One evaluation in progress. */
export interface Run {
  readonly context: Context
  readonly attributes: Json
  readonly exposures: Exposure[]
  sticky: StickyDocuments | undefined
  /** Whether the feature's value meets the experiment's prerequisite. */
  fulfils(parent: Parent): boolean
}

export interface Parent {
  readonly id: string
  readonly gate: boolean
  readonly test: Test
}

type Arm = Pick<Result, 'key' | 'value' | 'name' | 'passthrough'>

export interface Experiment extends StickyRule {
  readonly definition: ExperimentDefinition
  /** Names of invalid fields: if there are any, there are no variations, so nobody is included. */
  readonly faults: readonly string[]
  readonly arms: readonly Arm[]
  readonly attribute: Attribute
  readonly fallback: Attribute | undefined
  readonly sticks: boolean
  readonly inLayer: (run: Run, text: string) => boolean
  readonly condition: Test | undefined
  readonly parents: readonly Parent[]
  readonly hash: Hash | undefined
  readonly ranges: readonly Range[]
  readonly leaf: Leaf | undefined
}

export const compileParents = (parents: readonly ParentCondition[] = [], groups: SavedGroups = {}): Parent[] =>
  parents.map(({ id, gate, condition }) => ({
    id,
    gate: gate === true,
    test: compileCondition(condition ?? {}, groups),
  }))

/** `groups` are the values for `$inGroup`, `leaf` is the bandit leaf that gave the weights. */
export function compileExperiment(
  { definition, faults }: Reading<ExperimentDefinition>,
  groups: SavedGroups = {},
  leaf?: Leaf,
): Experiment {
  const {
    key = '',
    variations = [],
    condition,
    hashVersion,
    seed,
    ranges,
    coverage,
    weights,
    bucketVersion = 0,
    minBucketVersion = 0,
  } = definition
  return {
    definition,
    faults,
    leaf,
    key,
    bucketVersion,
    minBucketVersion,
    arms: variations.map((value, index) => armOf(value, index, definition)),
    attribute: attributeOf(definition.hashAttribute || undefined),
    fallback: definition.fallbackAttribute ? attributeOf(definition.fallbackAttribute) : undefined,
    sticks: definition.disableStickyBucketing !== true,
    inLayer: compileLayer(definition),
    condition: condition && compileCondition(condition, groups),
    parents: compileParents(definition.parentConditions, groups),
    hash: hashOf(seed || key, hashVersion || 1),
    ranges: ranges ?? rangesOf(variations.length, coverage, weights),
  }
}

function armOf(value: unknown, index: number, { meta }: ExperimentDefinition): Arm {
  const { key, name, passthrough } = meta?.[index] ?? {}
  return { key: key || String(index), value, ...(name && { name }), ...(passthrough && { passthrough }) }
}

/** If there are filters, the namespace is ignored. */
function compileLayer({ filters, namespace }: ExperimentDefinition): Experiment['inLayer'] {
  if (filters !== undefined) {
    const passes = compileFilters(filters)
    return ({ attributes }) => passes(attributes)
  }
  if (namespace === undefined) return () => true
  const passes = compileNamespace(namespace)
  return (_, text) => passes(text)
}

/** The variation of a unit; if it gets none, the first one with `inExperiment` false. */
export function runExperiment(experiment: Experiment, run: Run, featureId: string | null = null): Result {
  const { arms, definition, key, leaf } = experiment
  const { context } = run
  const identities = identitiesOf(experiment, run)
  const identity = identities.find(({ text }) => text !== '') ?? identities[0]!
  const told = (index: number): Result => resultOf(arms, identity, featureId, index)
  if (arms.length < 2 || context.enabled === false) return told(-1)
  const asked = askedFor(key, context, arms.length)
  if (asked !== undefined) return told(asked)
  if (identity.text === '' || definition.status === 'draft' || definition.active === false) return told(-1)
  const place = placeOf(experiment, run, identities, identity.text)
  if (place === undefined) return told(-1)
  if (definition.force !== undefined) return told(definition.force)
  if (context.qaMode === true || definition.status === 'stopped') return told(-1)
  const { index, ...how } = place
  return enrol(experiment, run, identity, { ...told(index), ...how, hashUsed: true, ...leaf })
}

/** The variation of the bucket, or the sticky one whatever the targeting; undefined if the unit is not included. */
function placeOf(
  experiment: Experiment,
  run: Run,
  identities: readonly Identity[],
  text: string,
): { readonly index: number; readonly bucket: number; readonly stickyBucketUsed: boolean } | undefined {
  const { hash, ranges, arms, sticks } = experiment
  const stuck = run.sticky && sticks ? stuckArm(experiment, run.sticky, identities) : FREE
  if (hash === undefined || stuck.blocked || (stuck.index < 0 && !isEligible(experiment, run, text))) return undefined
  const bucket = hash(text)
  const index = stuck.index < 0 ? chooseVariation(bucket, ranges) : stuck.index
  return index < 0 || index >= arms.length ? undefined : { index, bucket, stickyBucketUsed: stuck.index >= 0 }
}

/** By the hash attribute, then by the fallback, which is read only if buckets are sticky. */
export function identitiesOf(
  { attribute, fallback, sticks }: Pick<Experiment, 'attribute' | 'fallback' | 'sticks'>,
  { attributes, sticky }: Pick<Run, 'attributes' | 'sticky'>,
): Identity[] {
  const own = identify(attributes, attribute)
  return fallback !== undefined && sticks && sticky !== undefined ? [own, identify(attributes, fallback)] : [own]
}

function resultOf(
  arms: readonly Arm[],
  { attribute, value }: Identity,
  featureId: string | null,
  index: number,
): Result {
  const inExperiment = Number.isInteger(index) && index >= 0 && index < arms.length
  const variationId = inExperiment ? index : 0
  return {
    featureId,
    inExperiment,
    hashUsed: false,
    variationId,
    hashAttribute: attribute,
    hashValue: value,
    stickyBucketUsed: false,
    ...(arms[variationId] ?? NO_ARM),
  }
}
const NO_ARM: Arm = { key: '0', value: null }

function askedFor(key: string, { url, forcedVariations }: Context, count: number): number | undefined {
  const asked = typeof url === 'string' ? queryOverride(key, url, count) : undefined
  return asked ?? (forcedVariations && Object.hasOwn(forcedVariations, key) ? forcedVariations[key] : undefined)
}

const FREE = { index: -1, blocked: false }

function stuckArm(experiment: Experiment, documents: StickyDocuments, identities: readonly Identity[]): typeof FREE {
  const { key, blocked } = stuckTo(
    documents,
    identities.filter(({ text }) => text !== ''),
    experiment,
  )
  return { index: blocked || key === undefined ? -1 : experiment.arms.findIndex((arm) => arm.key === key), blocked }
}

const isEligible = ({ inLayer, condition, parents }: Experiment, run: Run, text: string): boolean =>
  inLayer(run, text) &&
  (condition === undefined || condition(run.attributes)) &&
  parents.every((parent) => run.fulfils(parent))

function enrol(experiment: Experiment, run: Run, identity: Identity, result: Result): Result {
  if (run.sticky && experiment.sticks) run.sticky = stick(run.sticky, identity, experiment, result.key)
  run.exposures.push({ experiment: toldOf(experiment, result), result })
  return result
}

export const toldOf = ({ definition, leaf }: Experiment, { hashUsed }: Result): Told =>
  leaf !== undefined && hashUsed ? { ...definition, contextualBandit: leaf } : definition
