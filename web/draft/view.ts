import type { Metric } from '../experiment/types.ts'
import { metricsIn, type Fields } from './form.ts'

/** What the page says about a draft; pure. */
const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000]

/** Whether every word of the search is in the metric's name or id. */
export const matches = ({ name, id }: Pick<Metric, 'name' | 'id'>, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => `${name} ${id}`.toLowerCase().includes(word))

/** "counted over 7 days". */
export function windowText({ window: { fromMs, toMs } }: Pick<Metric, 'window'>): string {
  const from = fromMs === 0 ? '' : ` from ${durationText(fromMs)} on`
  return `counted over ${durationText(toMs - fromMs)}${from}`
}

export function durationText(ms: number): string {
  const [value, unit] =
    ms >= DAY_MS ? [ms / DAY_MS, 'day'] : ms >= HOUR_MS ? [ms / HOUR_MS, 'hour'] : [ms / 60_000, 'minute']
  const rounded = Number(value.toFixed(1))
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}

const NAMES: Readonly<Record<string, string>> = {
  'bucketing.condition': 'who takes part',
  'bucketing.coverage': 'coverage',
  plannedUnits: 'planned units',
  by: 'who you are',
}
export const nameOf = (at: string): string =>
  NAMES[at] ?? (at.startsWith('metrics') ? 'metrics' : at.startsWith('variations') ? 'variations' : at)

/** The headline: what to do next. */
export function headline(fields: Fields, wrong: readonly string[], isNew: boolean): string {
  const names = [...new Set(wrong.map(nameOf))]
  if (names.length > 0) return `To do: ${names.join(', ')}`
  const decided = metricsIn(fields, 'primary').length
  const by = decided === 1 ? 'one metric decides' : `${decided} metrics decide`
  return `“${fields.name}” can be ${isNew ? 'created' : 'saved'}: ${fields.variations.length} variations, ${by}`
}
