import { percent } from '../shell/format.ts'

/** Lower and upper end of an interval; null = open. */
export type Ends = readonly [low: number | null, high: number | null]

/** The greatest end of the intervals, so that all fit; at least 1 %. */
export const reachOf = (intervals: readonly Ends[]): number =>
  Math.max(0.01, ...intervals.flat().map((end) => (end === null || !Number.isFinite(end) ? 0 : Math.abs(end))))

/** +4.0 %. */
export const signedPercent = (value: number): string => `${value < 0 ? '−' : '+'}${percent(Math.abs(value))}`

/** +4.0 % ± 2.0 %, or its ends where they are not symmetric. */
export function changeText(effect: number, [low, high]: Ends): string {
  if (low === null || high === null)
    return `${signedPercent(effect)} (${low === null ? 'open' : signedPercent(low)} to ${high === null ? 'open' : signedPercent(high)})`
  return `${signedPercent(effect)} ± ${percent((high - low) / 2)}`
}

/** How an effect stands to what is better: only an interval apart from zero is judged. */
export function judge([low, high]: Ends, better: 'up' | 'down'): 'good' | 'bad' | 'unknown' {
  if (low !== null && low > 0) return better === 'up' ? 'good' : 'bad'
  if (high !== null && high < 0) return better === 'up' ? 'bad' : 'good'
  return 'unknown'
}
