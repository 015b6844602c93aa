/** Reads an operator's threshold rules: a JSON list; all faults are reported together. */
import { errorMessage } from '../../platform/errors.ts'
import { DIMENSIONS, type Cause, type Dimension } from './cells.ts'
import { findMetric, THRESHOLD_METRICS } from './metrics.ts'
import { DEFAULTS, type ThresholdRule } from './options.ts'

const MAX_RULES = 200
const KEYS = ['name', 'metric', 'limit', 'least_samples', 'minutes', 'by', 'where']
const isDimension = (name: unknown): name is Dimension => (DIMENSIONS as readonly unknown[]).includes(name)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The rules, and their faults: one line per fault. */
export function readRules(text: string): {
  readonly rules: readonly ThresholdRule[]
  readonly faults: readonly string[]
} {
  const { list, fault } = parsed(text)
  if (fault !== undefined) return { rules: [], faults: [`  it is no JSON: ${fault}`] }
  if (!Array.isArray(list)) return { rules: [], faults: ['  it must be a JSON list of rules'] }
  if (list.length > MAX_RULES)
    return { rules: [], faults: [`  it has ${list.length} rules, at most ${MAX_RULES} are held`] }
  const names = list.map((each) => (isObject(each) ? each['name'] : undefined))
  const faults = list.flatMap((each, i) =>
    [...faultsOf(each), ...(names.indexOf(names[i]) < i ? ['has the name of another rule'] : [])].map(
      (fault) => `  alert ${i + 1}${typeof names[i] === 'string' ? ` (${names[i]})` : ''} ${fault}`,
    ),
  )
  return { rules: faults.length > 0 ? [] : list.map(toRule), faults }
}

function faultsOf(rule: unknown): string[] {
  if (!isObject(rule)) return ['must be an object']
  const { name, metric, limit, least_samples: samples = 25, minutes = 1, by = [], where = {} } = rule
  const checks: readonly (readonly [boolean, string])[] = [
    [typeof name === 'string' && /\S/.test(name) && name.length <= 64, 'needs a name of at most 64 characters'],
    [
      typeof metric === 'string' && findMetric(metric) !== undefined,
      `needs a metric, one of ${THRESHOLD_METRICS.map((known) => known.name).join(', ')}`,
    ],
    [
      typeof limit === 'number' && limit >= 0 && limit < Infinity,
      'needs a limit, 0 or more: events a trial, or ms for a mean',
    ],
    [whole(samples, 1, 1_000_000), 'least_samples must be a whole number from 1'],
    [whole(minutes, 1, DEFAULTS.openMinutes), `minutes must be a whole number from 1 to ${DEFAULTS.openMinutes}`],
    [Array.isArray(by) && by.every(isDimension), `by must be a list of ${DIMENSIONS.join(', ')}`],
    [
      isObject(where) && Object.entries(where).every(([key, value]) => isDimension(key) && typeof value === 'string'),
      `where must give texts to ${DIMENSIONS.join(', ')}`,
    ],
  ]
  const unknown = Object.keys(rule).filter((key) => !KEYS.includes(key))
  return [
    ...checks.filter(([right]) => !right).map(([, fault]) => fault),
    ...unknown.map((key) => `has ${key}, which nobody reads`),
  ]
}

const whole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most

interface Written {
  readonly name: string
  readonly metric: string
  readonly limit: number
  readonly least_samples?: number
  readonly minutes?: number
  readonly by?: readonly Dimension[]
  readonly where?: Cause
}

function toRule(rule: unknown): ThresholdRule {
  const { name, metric, limit, least_samples = DEFAULTS.leastSamples, minutes = 1, by, where } = rule as Written
  return {
    name,
    // Old ids map to the current ones.
    metric: findMetric(metric)?.name ?? metric,
    limit,
    leastSamples: least_samples,
    minutes,
    ...(by !== undefined && { by }),
    ...(where !== undefined && { cause: where }),
  }
}

function parsed(text: string): { readonly list?: unknown; readonly fault?: string } {
  try {
    return { list: JSON.parse(text) as unknown }
  } catch (error) {
    return { fault: errorMessage(error) }
  }
}
