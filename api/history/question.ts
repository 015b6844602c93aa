import { replacementOf } from '../../schemas/metrics/index.ts'
import {
  DIMENSIONS,
  findConcurrency,
  findMetric,
  MAX_ROWS,
  type Concurrency,
  type Dimension,
  type Filter,
  type Metric,
  type Scope,
} from '../../streams/qoe/index.ts'
import { fail } from '../errors.ts'
import type { MetricsQuestion, ScopeQuestion } from './schema.ts'

/** Current time of a clock; null if it has no events. */
export type Watermark = number | null

const HOUR_MS = 3_600_000
const MAX_DIMENSIONS = 3
const FILTERS: readonly string[] = [...DIMENSIONS, 'profile_id', 'session_id']

const refuse = (problem: string): Error => fail('API_QUERY_INVALID', { problem })

/** Defaults to the last hour of the clock. */
export function scopeOf({ clock, from, to, filter, time }: ScopeQuestion, watermark: number): Scope {
  const end = to ?? watermark + 1
  const start = from ?? end - HOUR_MS
  if (end <= start) throw refuse('to must be later than from')
  return {
    clock,
    now: watermark,
    from: start,
    to: end,
    filters: filtersOf(filter),
    ...(time === undefined ? {} : { time }),
  }
}

/**
 * `filter=country:DE&filter=country:FR&filter=device:tv`: values of one name are alternatives (or), different names
 * apply together (and).
 */
function filtersOf(filters: readonly string[] = []): Partial<Record<Filter, string[]>> {
  const named = filters.map((text): readonly [string, string] => {
    const colon = text.indexOf(':')
    const name = text.slice(0, colon)
    if (colon === -1 || !FILTERS.includes(name))
      throw refuse(`filter ${text.slice(0, 80)} must be NAME:VALUE, the name one of ${FILTERS.join(', ')}`)
    return [name, text.slice(colon + 1)]
  })
  return Object.fromEntries(
    [...Map.groupBy(named, ([name]) => name)].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]),
  )
}

export interface Named {
  readonly metrics: readonly Metric[]
  readonly concurrency: readonly Concurrency[]
}

/** Old ids among the requested ones, with the ids that replace them; undefined if there are none. */
export function replacedAmong(ids: readonly string[]): Readonly<Record<string, string>> | undefined {
  const pairs = ids.flatMap((id) => {
    const current = replacementOf('sessions', id)
    return current === undefined ? [] : [[id, current] as const]
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

/** Metrics of sessions and of moments, each in the order requested; fails if one is unknown. */
export function metricsNamed(ids: readonly string[]): Named {
  const unknown = ids.find((id) => findMetric(id) === undefined && findConcurrency(id) === undefined)
  if (unknown !== undefined) throw refuse(`there is no metric ${unknown.slice(0, 80)}; /v1/qoe/definitions lists them`)
  return {
    metrics: ids.flatMap((id) => findMetric(id) ?? []),
    concurrency: ids.flatMap((id) => findConcurrency(id) ?? []),
  }
}

/** Metrics for which a session's contribution can be shown. */
export function partsNamed(ids: readonly string[]): readonly Metric[] {
  const {
    metrics,
    concurrency: [moment],
  } = metricsNamed(ids)
  if (moment !== undefined)
    throw refuse(
      `${moment.id} counts who is there at a moment, which no sum of sessions gives; time=open lists the sessions of its period`,
    )
  return metrics
}

export function dimensionsNamed(names: readonly string[] = []): Dimension[] {
  if (names.length > MAX_DIMENSIONS) throw refuse(`at most ${MAX_DIMENSIONS} dimensions at once`)
  for (const name of names)
    if (!(DIMENSIONS as readonly string[]).includes(name))
      throw refuse(`group ${name.slice(0, 80)} must be one of ${DIMENSIONS.join(', ')}`)
  return [...new Set(names)] as Dimension[]
}

/** Readable steps: a second to a week, ms. */
const STEPS = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800].map(
  (seconds) => seconds * 1_000,
)

/** The smallest readable step that gives at most `points` in the period; undefined = one row for the whole period. */
export function intervalOf(
  { from, to, time }: Pick<Scope, 'from' | 'to' | 'time'>,
  { points, interval }: Pick<MetricsQuestion, 'points' | 'interval'>,
): number | undefined {
  if (interval === undefined && points === undefined) return undefined
  if (time === 'open')
    throw refuse(
      'sessions that were open in the period belong to no one interval of it: ask without points and interval',
    )
  const least = (to - from) / (points ?? MAX_ROWS)
  const step = interval ?? STEPS.find((each) => each >= least) ?? Math.ceil(least)
  if ((to - from) / step > MAX_ROWS)
    throw refuse(`an interval of ${step} ms cuts the period into more than ${MAX_ROWS} rows`)
  return step
}
