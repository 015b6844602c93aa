/** Default choices. Times are ms of the clock. */
export const DEFAULTS = {
  clock: 'world',
  metric: 'attempts:playloop',
  order: 'numerator',
  range: '1h',
  from: '',
  to: '',
  time: '',
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
export const ORDERS = [
  ['numerator', 'what adds most'],
  ['start', 'begun last'],
  ['stalled', 'longest stalled'],
  ['startup', 'slowest start'],
  ['watched', 'longest watched'],
  ['errors', 'most errors'],
  ['hidden', 'least known'],
] as const
/** Sessions per page. */
const PAGE = 50

/** The parameters of the address that are read here. */
interface Told {
  readonly get: (name: string) => string
  readonly all: (name: string) => readonly string[]
}

/**
 * Query parameters for the address. Unless chosen, the period ends at the current time of the clock, its watermark
 * (undefined if it has no events).
 */
function scopeOf({ get, all }: Told, watermark: number | undefined): [string, string][] {
  const length = RANGES.find(([name]) => name === get('range'))?.[2] ?? HOUR_MS
  const to = get('to') || (watermark === undefined ? '' : String(watermark + 1))
  // An invalid number is passed on: the API explains what is wrong with it.
  const from = get('from') || (to === '' || Number.isNaN(Number(to)) ? '' : String(Number(to) - length))
  return [
    ['clock', get('clock')],
    ['from', from],
    ['to', to],
    ...all('filter').map((filter): [string, string] => ['filter', filter]),
  ].filter(([, value]) => value !== '') as [string, string][]
}

const counted = ({ get }: Told): [string, string][] => [
  ['metric', get('metric')],
  ...(get('time') === '' ? [] : [['time', get('time')] as [string, string]]),
]

export const numberPath = (told: Told, watermark?: number): string =>
  `/v1/qoe/metrics?${new URLSearchParams([...scopeOf(told, watermark), ...counted(told)])}`
export const listPath = (told: Told, watermark?: number, cursor?: string): string =>
  `/v1/qoe/sessions?${new URLSearchParams([...scopeOf(told, watermark), ...counted(told), ['order', told.get('order')], ['limit', String(PAGE)], ...(cursor === undefined ? [] : [['cursor', cursor] as [string, string]])])}`
export const errorsPath = (told: Told, watermark?: number): string =>
  `/v1/qoe/errors?${new URLSearchParams(scopeOf(told, watermark))}`
/** Query for the values of a dimension in the period, for suggestions. */
export const valuesPath = (told: Told, watermark: number | undefined, dimension: string): string => {
  const period = scopeOf(told, watermark).filter(([name]) => name !== 'filter')
  return `/v1/qoe/metrics?${new URLSearchParams([...period, ['metric', 'attempts:playloop'], ['group', dimension], ['limit', '200']])}`
}
