/**
 * Conditions in GrowthBook's JSON (MongoDB query operators), compiled once to closures over attributes. An invalid or
 * unknown condition matches nobody: a mistake in a condition must not include everybody.
 */
import {
  isList,
  isObject,
  listOf,
  MAX_DEPTH,
  numberOf,
  sameJson,
  scalarOf,
  textOf,
  valueAt,
  type Json,
} from './json.ts'
import { compilePattern } from './pattern.ts'
import { sortableVersion } from './version.ts'

export type Test = (value: unknown) => boolean
/** Values by group id, for `$inGroup`. */
export type SavedGroups = Readonly<Record<string, readonly unknown[]>>

interface Scope {
  readonly groups: Json
  readonly depth: number
  /** Called for a part that no operator around it may turn into "everybody". */
  readonly refuse: () => void
}
type Operator = (expected: unknown, scope: Scope) => Test

const never: Test = () => false
const not =
  (test: Test): Test =>
  (value) =>
    !test(value)
const all = (tests: readonly Test[]): Test =>
  tests.length === 1 ? tests[0]! : (value) => tests.every((test) => test(value))
/** True for an empty list. */
const any =
  (tests: readonly Test[]): Test =>
  (value) =>
    tests.length === 0 || tests.some((test) => test(value))
const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)

/**
 * Tests whether attributes match a condition. An empty condition matches everybody; one nested deeper than 64 levels or
 * with a pattern that is none (pattern.ts) matches nobody.
 */
export function compileCondition(condition: unknown, groups: SavedGroups = {}): Test {
  let isRefused = false
  const refuse = (): void => void (isRefused = true)
  const test = compileObject(condition, { groups: isObject(groups) ? groups : {}, depth: 0, refuse })
  return isRefused ? never : test
}

/** Mistakes in a condition that would be accepted but would match nobody; `groups` are the ids of saved groups. */
export function slipsOf(condition: unknown, groups: readonly string[] = [], depth = 0): string[] {
  if (depth > MAX_DEPTH) return [`is deeper than ${MAX_DEPTH} levels`]
  if (isList(condition)) return condition.flatMap((each) => slipsOf(each, groups, depth + 1))
  if (!isObject(condition)) return []
  return Object.entries(condition).flatMap(([name, expected]) => [
    ...slipOf(name, expected, groups),
    ...slipsOf(expected, groups, depth + 1),
  ])
}

/** Ids of the saved groups that a condition, or any value that holds conditions, names. */
export function groupsIn(value: unknown, depth = 0): string[] {
  if (depth > MAX_DEPTH) return []
  if (isList(value)) return value.flatMap((each) => groupsIn(each, depth + 1))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, expected]) =>
    GROUPS.includes(name) ? [textOf(expected)] : groupsIn(expected, depth + 1),
  )
}

function slipOf(name: string, expected: unknown, groups: readonly string[]): string[] {
  if (!name.startsWith('$') || LOGIC.includes(name)) return []
  if (!OPERATORS.has(name)) return [`${name} is no operator; there are ${[...LOGIC, ...OPERATORS.keys()].join(' ')}`]
  if (GROUPS.includes(name))
    return groups.includes(textOf(expected))
      ? []
      : [`${name} asks for the saved group ${textOf(expected)}: there is none`]
  if (LISTED.includes(name) && !isList(expected)) return [`${name} takes a list`]
  const fault = name.startsWith('$regex') ? faultOfPattern(name, expected) : undefined
  return fault === undefined ? [] : [`${name} takes a pattern, and ${textOf(expected)} ${fault}`]
}

const flagsOf = (name: string): '' | 'i' => (name === '$regexi' ? 'i' : '')
const faultOfPattern = (name: string, pattern: unknown): string | undefined =>
  typeof pattern === 'string' ? compilePattern(pattern, flagsOf(name)).fault : 'is no text'
const LOGIC = ['$or', '$nor', '$and', '$not']
const GROUPS = ['$inGroup', '$notInGroup']
const LISTED = ['$in', '$nin', '$ini', '$nini', '$all', '$alli']

const deeper = (scope: Scope): Scope => ({ ...scope, depth: scope.depth + 1 })

function compileObject(condition: unknown, scope: Scope): Test {
  if (!isObject(condition) || scope.depth > MAX_DEPTH) return never
  return all(Object.entries(condition).map(([name, expected]) => compileEntry(name, expected, deeper(scope))))
}

function compileEntry(name: string, expected: unknown, scope: Scope): Test {
  const each = (): Test[] => listOf(expected).map((condition) => compileObject(condition, scope))
  switch (name) {
    case '$or':
      return any(each())
    case '$nor':
      return not(any(each()))
    case '$and':
      return all(each())
    case '$not':
      return not(compileObject(expected, scope))
    default:
      return at(name.split('.'), compileValue(expected, scope))
  }
}

const at =
  (path: readonly string[], test: Test): Test =>
  (attributes) =>
    test(valueAt(attributes, path))

const isOperators = (condition: unknown): condition is Json =>
  isObject(condition) &&
  Object.keys(condition).length > 0 &&
  Object.keys(condition).every((name) => name.startsWith('$'))

function compileValue(expected: unknown, scope: Scope): Test {
  if (scope.depth > MAX_DEPTH) return never
  if (isOperators(expected))
    return all(
      Object.entries(expected).map(([name, operand]) => OPERATORS.get(name)?.(operand, deeper(scope)) ?? never),
    )
  if (typeof expected === 'string') return (value) => textOf(value) === expected
  if (typeof expected === 'number') return (value) => numberOf(value) === expected
  if (typeof expected === 'boolean') return (value) => value !== null && Boolean(value) === expected
  return (value) => sameJson(value, expected)
}

/** Whether the value is in a set; for a list, whether any of its items is. */
function oneOf(values: readonly unknown[], fold: (value: unknown) => unknown = (value) => value): Test {
  const known = new Set(values.map(fold))
  return (value) => (isList(value) ? value.some((each) => known.has(fold(each))) : known.has(fold(value)))
}

const ofList =
  (make: (values: readonly unknown[], scope: Scope) => Test): Operator =>
  (expected, scope) =>
    isList(expected) ? make(expected, scope) : never
const inGroup: Operator = (id, { groups }) => oneOf(listOf(Object.hasOwn(groups, textOf(id)) ? groups[textOf(id)] : []))

const everyOf =
  (tests: readonly Test[]): Test =>
  (value) =>
    isList(value) && tests.every((test) => value.some(test))
const foldedValue = (expected: unknown, scope: Scope): Test =>
  typeof expected === 'string'
    ? (value) => textOf(value).toLowerCase() === expected.toLowerCase()
    : compileValue(expected, scope)

const matching =
  (flags: '' | 'i'): Operator =>
  (source, { refuse }) => {
    const { matches } = compilePattern(textOf(source), flags)
    if (matches === undefined) refuse()
    return matches === undefined ? never : (value) => matches(textOf(value))
  }

function someOf(expected: unknown, scope: Scope): Test {
  const test = isOperators(expected) ? compileValue(expected, scope) : compileObject(expected, scope)
  return (value) => isList(value) && value.some((each) => each !== null && each !== undefined && test(each))
}

function sizeOf(expected: unknown, scope: Scope): Test {
  const test = compileValue(expected, scope)
  return (value) => isList(value) && test(value.length)
}

type Order = (a: number, b: number) => boolean
/** JavaScript compares two strings as text and anything else as numbers, but TypeScript allows only numbers. */
const compared =
  (holds: Order): Operator =>
  (expected) => {
    const bound = scalarOf(expected) as number
    return (value) => holds(scalarOf(value) as number, bound)
  }
const versions =
  (holds: (a: string, b: string) => boolean): Operator =>
  (expected) => {
    const bound = sortableVersion(expected)
    return (value) => holds(sortableVersion(value), bound)
  }
const typeName = (value: unknown): string => (value === null ? 'null' : isList(value) ? 'array' : typeof value)

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$eq', (expected) => (value) => value === expected],
  ['$ne', (expected) => (value) => value !== expected],
  ['$lt', compared((a, b) => a < b)],
  ['$lte', compared((a, b) => a <= b)],
  ['$gt', compared((a, b) => a > b)],
  ['$gte', compared((a, b) => a >= b)],
  ['$veq', versions((a, b) => a === b)],
  ['$vne', versions((a, b) => a !== b)],
  ['$vlt', versions((a, b) => a < b)],
  ['$vlte', versions((a, b) => a <= b)],
  ['$vgt', versions((a, b) => a > b)],
  ['$vgte', versions((a, b) => a >= b)],
  ['$exists', (expected) => (value) => (value !== null && value !== undefined) === Boolean(expected)],
  ['$type', (expected) => (value) => typeName(value) === expected],
  ['$in', ofList((values) => oneOf(values))],
  ['$nin', ofList((values) => not(oneOf(values)))],
  ['$ini', ofList((values) => oneOf(values, folded))],
  ['$nini', ofList((values) => not(oneOf(values, folded)))],
  ['$inGroup', inGroup],
  ['$notInGroup', (id, scope) => not(inGroup(id, scope))],
  ['$all', ofList((values, scope) => everyOf(values.map((each) => compileValue(each, scope))))],
  ['$alli', ofList((values, scope) => everyOf(values.map((each) => foldedValue(each, scope))))],
  ['$not', (expected, scope) => not(compileValue(expected, scope))],
  ['$size', sizeOf],
  ['$elemMatch', someOf],
  ['$regex', matching('')],
  ['$regexi', matching('i')],
])
