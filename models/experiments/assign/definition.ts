/**
 * Definitions in GrowthBook's JSON. A table of fields is both their type and their validation. Null fields count as
 * absent; fields that are not used here are left out of the output.
 */
import { isRange } from './bucket.ts'
import { isList, isObject, type Json } from './json.ts'
import { type Namespace } from './namespace.ts'

type Guard<T> = (value: unknown) => value is T
type Shape = Readonly<Record<string, Guard<unknown>>>
type Read<S extends Shape> = { readonly [K in keyof S]?: S[K] extends Guard<infer T> ? T : never }

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => Number.isFinite(value)
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
const isNamespace = (value: unknown): value is Namespace =>
  isList(value) && value.length === 3 && isText(value[0]) && value.slice(1).every(isNumber)
const isNever = (_value: unknown): _value is undefined => false
const listsOf =
  <T>(guard: Guard<T>): Guard<readonly T[]> =>
  (value): value is readonly T[] =>
    isList(value) && value.every(guard)
const records = <S extends Shape, K extends keyof S>(shape: S, needed: readonly K[]) =>
  listsOf(
    (value): value is Read<S> & Required<Pick<Read<S>, K>> =>
      isObject(value) && faultsOf(value, shape).length === 0 && needed.every((name) => Object.hasOwn(value, name)),
  )

const isFilters = records({ seed: isText, ranges: listsOf(isRange), attribute: isText, hashVersion: isNumber }, [
  'seed',
  'ranges',
])
const isParents = records({ id: isText, condition: isObject, gate: isFlag }, ['id'])
const isMeta = records({ key: isText, name: isText, passthrough: isFlag }, [])

/** Fields that an experiment and a rule of a feature share. */
const BUCKETED = {
  key: isText,
  variations: isList,
  name: isText,
  phase: isText,
  meta: isMeta,
  hashAttribute: isText,
  fallbackAttribute: isText,
  hashVersion: isNumber,
  seed: isText,
  weights: listsOf(isNumber),
  coverage: isNumber,
  ranges: listsOf(isRange),
  condition: isObject,
  namespace: isNamespace,
  filters: isFilters,
  bucketVersion: isNumber,
  minBucketVersion: isNumber,
  disableStickyBucketing: isFlag,
} as const

/**
 * Targets that only a page knows (addresses, groups, a function) are rejected: ignoring them would include everybody.
 */
const EXPERIMENT = {
  ...BUCKETED,
  parentConditions: isParents,
  status: isText,
  active: isFlag,
  force: isNumber,
  url: isNever,
  urlPatterns: isNever,
  groups: isNever,
  include: isNever,
} as const
const RULE = {
  ...BUCKETED,
  id: isText,
  range: isRange,
  parentConditions: isParents,
  contextualVariations: isList,
  contextualBanditRef: isText,
} as const
const LEAF = { leafId: isNumber, condition: isObject, weights: listsOf(isNumber) } as const
const BANDIT = { banditVersion: isNumber, contexts: records(LEAF, ['leafId', 'weights']) } as const

export type ExperimentDefinition = Read<typeof EXPERIMENT>
export type Bucketed = Read<typeof BUCKETED>
export type Rule = Read<typeof RULE>
export type Bandit = Read<typeof BANDIT>
export type ParentCondition = NonNullable<Rule['parentConditions']>[number]

/** The value that was read, and the names of invalid fields. */
export interface Reading<T> {
  readonly definition: T
  readonly faults: readonly string[]
}

const present = (raw: Json, name: string): boolean =>
  Object.hasOwn(raw, name) && raw[name] !== null && raw[name] !== undefined
const faultsOf = (raw: Json, shape: Shape): string[] =>
  Object.keys(shape).filter((name) => present(raw, name) && !shape[name]!(raw[name]))
const pick = <S extends Shape>(raw: Json, shape: S): Read<S> =>
  Object.fromEntries(
    Object.keys(shape)
      .filter((name) => present(raw, name))
      .map((name) => [name, raw[name]]),
  ) as Read<S>

function read<S extends Shape>(raw: unknown, shape: S): Reading<Read<S>> {
  if (!isObject(raw)) return { definition: {}, faults: ['no object'] }
  const faults = faultsOf(raw, shape)
  return { definition: faults.length === 0 ? pick(raw, shape) : {}, faults }
}

export const readExperiment = (raw: unknown): Reading<ExperimentDefinition> => read(raw, EXPERIMENT)
export const readRule = (raw: unknown): Reading<Rule> => read(raw, RULE)
export const readBandit = (raw: unknown): Reading<Bandit> => read(raw, BANDIT)
/** The experiment that a rule defines. */
export const bucketedOf = (rule: Rule): Bucketed => pick(rule, BUCKETED)
