/** The page's question, from its address. Times are ms of the clock. */
export interface View {
  readonly clock: string
  readonly metric: string
  /** The metric counts concurrent items, whenever they began: its sessions are those that were open. */
  readonly open?: boolean
  /** Inclusive. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** Distance of points in the time chart. */
  readonly step: number
  /** Start of a period of the same length to compare with. */
  readonly before: number | undefined
  readonly by: readonly string[]
  /** NAME:VALUE; values of one name are alternatives. */
  readonly filters: readonly string[]
}

/** The parameters of the address that are read here. */
export interface Chosen {
  readonly get: (name: string) => string
  readonly all: (name: string) => readonly string[]
}

export const DEFAULTS = {
  clock: 'world',
  metric: 'rebuffer_ratio:cta2066',
  range: '1h',
  from: '',
  to: '',
  compare: '',
  compare_from: '',
  by: 'country',
  by2: '',
  by3: '',
  refresh: 'off',
}

const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000]
export const RANGES = [
  ['15m', '15 minutes', 15 * MINUTE_MS],
  ['1h', '1 hour', HOUR_MS],
  ['6h', '6 hours', 6 * HOUR_MS],
  ['1d', '1 day', DAY_MS],
  ['7d', '7 days', 7 * DAY_MS],
  ['30d', '30 days', 30 * DAY_MS],
] as const
export const COMPARISONS = [
  ['', 'nothing'],
  ['before', 'the period before'],
  ['day', 'a day before'],
  ['week', 'a week before'],
  ['at', 'a chosen period'],
] as const

/** Readable steps, ms: a second to a week. */
const STEPS = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800].map(
  (seconds) => seconds * 1_000,
)
/** Maximum points that a narrow chart can show. */
const POINTS = 120
/** Maximum cells; one more is requested to see whether there are more. */
export const MAX_CELLS = 200
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const

const stepOf = (length: number): number => STEPS.find((step) => length / step <= POINTS) ?? STEPS.at(-1)!

/**
 * The question in the address; `watermark` is the current time of the clock. Unless chosen, the period ends at a whole
 * step.
 */
export function viewOf({ get, all }: Chosen, watermark: number): View {
  const length = RANGES.find(([name]) => name === get('range'))?.[2] ?? HOUR_MS
  const chosen = get('from') !== '' && get('to') !== ''
  const step = stepOf(chosen ? Number(get('to')) - Number(get('from')) : length)
  const to = chosen ? Number(get('to')) : Math.floor(watermark / step) * step + step
  const from = chosen ? Number(get('from')) : to - length
  return {
    clock: get('clock'),
    metric: get('metric'),
    from,
    to,
    step,
    before: beforeOf(get('compare'), Number(get('compare_from')), from, to),
    by: [...new Set([get('by'), get('by2'), get('by3')])].filter((name) => name !== ''),
    filters: all('filter'),
  }
}

function beforeOf(compare: string, chosen: number, from: number, to: number): number | undefined {
  switch (compare) {
    case 'before':
      return from - (to - from)
    case 'day':
      return from - DAY_MS
    case 'week':
      return from - 7 * DAY_MS
    case 'at':
      return chosen > 0 ? chosen : undefined
    default:
      return undefined
  }
}

const path = (view: View, more: readonly (readonly [string, string | number])[]): string => {
  const asked = [
    ['clock', view.clock],
    ['metric', view.metric],
    ['from', view.from],
    ['to', view.to],
    ...view.filters.map((filter) => ['filter', filter]),
    ...(view.before === undefined ? [] : [['compare_from', view.before]]),
    ...more,
  ]
  return `/v1/qoe/metrics?${new URLSearchParams(asked.map(([name, value]): [string, string] => [String(name), String(value)]))}`
}

export const wholePath = (view: View): string =>
  path(view, [...QUANTILES.map((p) => ['quantile', p] as const), ['histogram', 'true']])
export const seriesPath = (view: View): string => path(view, [['interval', view.step]])
export const cellsPath = (view: View): string =>
  path(view, [
    ...view.by.map((name) => ['group', name] as const),
    ['sort', 'negative_impact'],
    ['limit', MAX_CELLS + 1],
  ])
/** Query for the values of a dimension, those with the most sessions first. */
export const valuesPath = ({ clock, from, to }: Pick<View, 'clock' | 'from' | 'to'>, dimension: string): string =>
  `/v1/qoe/metrics?${new URLSearchParams({ clock, from: String(from), to: String(to), metric: 'attempts:playloop', group: dimension, sort: 'value', limit: '100' })}`

/** Filters of the view and of one of its cells, as names with values. */
export function filtersOf(
  { filters }: Pick<View, 'filters'>,
  cell: Readonly<Record<string, string>> = {},
): Record<string, string[]> {
  const named = filters.map((text): [string, string] => [
    text.slice(0, text.indexOf(':')),
    text.slice(text.indexOf(':') + 1),
  ])
  const grouped = Object.fromEntries(
    [...Map.groupBy(named, ([name]) => name)].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]),
  )
  return { ...grouped, ...Object.fromEntries(Object.entries(cell).map(([name, value]) => [name, [value]])) }
}

/** Another period: moved by part of its length, or extended around its middle. */
export function moved({ from, to }: Pick<View, 'from' | 'to'>, by: -1 | 1 | 'wider'): { from: number; to: number } {
  const half = Math.round((to - from) / 2)
  return by === 'wider' ? { from: from - half, to: to + half } : { from: from + by * half, to: to + by * half }
}
