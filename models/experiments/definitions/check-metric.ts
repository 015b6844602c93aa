import {
  ACTION_COLUMNS,
  ACTIONS,
  METRIC_KINDS,
  SESSION_COLUMNS,
  type MetricDefinition,
} from '../../../schemas/experiments/metric.ts'
import { parseId } from '../../../schemas/metrics/index.ts'

/** A fault of a definition, and where it is; faults are returned as a list, so that all can be fixed at once. */
export interface DefinitionFault {
  /** Path of the field, such as `value.column`. */
  readonly at: string
  readonly problem: string
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most
const between = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value > low && value < high
const oneOf = (names: readonly string[]): string => `must be one of ${names.join(', ')}`

/** Maximum window, ms: longer ones would keep units open for too long. */
const MAX_WINDOW_MS = 90 * 86_400_000
const FIELDS = [
  'id',
  'version',
  'name',
  'description',
  'kind',
  'value',
  'per',
  'least',
  'steps',
  'levels',
  'window',
  'better',
  'margin',
  'cap',
  'unit',
]

/** Parses a metric definition from JSON, or returns all its faults. */
export function readMetric(raw: unknown): MetricDefinition | readonly DefinitionFault[] {
  if (!isObject(raw)) return [{ at: '', problem: 'must be an object' }]
  const faults: DefinitionFault[] = []
  const need = (ok: boolean, at: string, problem: string): void => void (ok || faults.push({ at, problem }))
  for (const field of Object.keys(raw)) need(FIELDS.includes(field), field, 'is no field of a metric')
  need(
    isText(raw['id'], 100) && parseId(raw['id']) !== undefined,
    'id',
    "must be NAME[.POPULATION][.ESTIMATOR][.capP][:DEFINITION] in lower-case letters, digits and '_', such as watch_time or rebuffer_ratio.unit.cap99:cta2066",
  )
  need(Number.isInteger(raw['version']) && (raw['version'] as number) >= 1, 'version', 'must be a whole number from 1')
  need(isText(raw['name'], 200) && raw['name'] !== '', 'name', 'must be a text of 1 to 200 characters')
  need(isText(raw['description'], 2_000), 'description', 'must be a text of at most 2000 characters')
  need(isText(raw['unit'], 20), 'unit', "must be a text, such as 'ms'")
  need(raw['better'] === 'up' || raw['better'] === 'down', 'better', oneOf(['up', 'down']))
  need(METRIC_KINDS.includes(raw['kind'] as never), 'kind', oneOf(METRIC_KINDS))
  need(
    raw['margin'] === undefined || between(raw['margin'], 0, 1),
    'margin',
    'must be a share of the control, within 0 and 1',
  )
  need(raw['cap'] === undefined || between(raw['cap'], 0.5, 1), 'cap', 'must be a percentile within 0.5 and 1')
  need(
    raw['least'] === undefined || (Number.isInteger(raw['least']) && (raw['least'] as number) >= 1),
    'least',
    'must be a whole number from 1',
  )
  checkWindow(raw['window'], need)
  if (METRIC_KINDS.includes(raw['kind'] as never)) checkParts(raw, need)
  return faults.length === 0 ? (raw as unknown as MetricDefinition) : faults
}

type Need = (ok: boolean, at: string, problem: string) => void

function checkWindow(window: unknown, need: Need): void {
  if (!isObject(window)) return need(false, 'window', 'must say fromMs and toMs, counted from the first exposure')
  const { fromMs, toMs } = window
  need(Number.isInteger(fromMs) && (fromMs as number) >= 0, 'window.fromMs', 'must be whole milliseconds from 0')
  need(
    Number.isInteger(toMs) && (toMs as number) > Number(fromMs) && (toMs as number) <= MAX_WINDOW_MS,
    'window.toMs',
    `must be whole milliseconds after fromMs, at most ${MAX_WINDOW_MS}`,
  )
}

/** The fields that each kind uses; others are rejected, since they would have no effect. */
const USES: Readonly<Record<string, readonly string[]>> = {
  proportion: ['value', 'least'],
  retention: ['value', 'least'],
  mean: ['value', 'cap'],
  count: ['value', 'cap'],
  ratio: ['value', 'per', 'cap'],
  quantile: ['value', 'levels'],
  funnel: ['steps'],
}
const OPTIONAL = ['least', 'cap']

function checkParts(raw: Json, need: Need): void {
  const kind = String(raw['kind'])
  const uses = USES[kind] ?? []
  for (const field of ['value', 'per', 'least', 'steps', 'levels', 'cap']) {
    if (!uses.includes(field)) need(raw[field] === undefined, field, `is of no use to a ${kind}`)
    else if (!OPTIONAL.includes(field)) need(raw[field] !== undefined, field, `is what a ${kind} is made of`)
  }
  for (const field of ['value', 'per']) if (raw[field] !== undefined) checkPart(raw[field], field, need)
  if (kind === 'funnel') checkSteps(raw['steps'], need)
  if (raw['levels'] !== undefined) need(isLevels(raw['levels']), 'levels', 'must be 1 to 20 numbers within 0 and 1')
}

const isLevels = (levels: unknown): boolean =>
  Array.isArray(levels) && levels.length >= 1 && levels.length <= 20 && levels.every((level) => between(level, 0, 1))

function checkSteps(steps: unknown, need: Need): void {
  if (!Array.isArray(steps) || steps.length < 2 || steps.length > 10)
    return need(false, 'steps', 'must be 2 to 10 parts')
  steps.forEach((step: unknown, at) => {
    checkPart(step, `steps.${at}`, need)
    need(
      isObject(step) && step['from'] === 'action' && step['column'] === 'acts',
      `steps.${at}`,
      'must count actions: sessions have no order among them',
    )
  })
}

function checkPart(part: unknown, at: string, need: Need): void {
  if (!isObject(part)) return need(false, at, "must be an object with 'from' and 'column'")
  if (part['from'] === 'session') {
    need(Object.hasOwn(SESSION_COLUMNS, String(part['column'])), `${at}.column`, oneOf(Object.keys(SESSION_COLUMNS)))
    return need(part['actions'] === undefined, `${at}.actions`, 'is of no use to sessions')
  }
  need(part['from'] === 'action', `${at}.from`, oneOf(['session', 'action']))
  need(Object.hasOwn(ACTION_COLUMNS, String(part['column'])), `${at}.column`, oneOf(Object.keys(ACTION_COLUMNS)))
  const actions = part['actions']
  need(
    Array.isArray(actions) && actions.length > 0 && actions.every((action) => ACTIONS.includes(action as never)),
    `${at}.actions`,
    `must be some of ${ACTIONS.join(', ')}`,
  )
}
