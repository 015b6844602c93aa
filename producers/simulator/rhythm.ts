/** Demand by local hour and weekday. */

/**
 * Relative demand by local hour. The shape of residential video traffic: lowest at four, highest at nine in the
 * evening, about seven times as much.
 */
import { DAY_MS, HOUR_MS } from '../../platform/time.ts'

const HOURS = [
  0.62, 0.4, 0.26, 0.19, 0.16, 0.17, 0.22, 0.3, 0.36, 0.42, 0.47, 0.52, 0.58, 0.6, 0.6, 0.62, 0.68, 0.78, 0.9, 1.02,
  1.12, 1.15, 1.05, 0.84,
]
/** Relative demand by weekday, from Sunday. */
const WEEKDAYS = [1.2, 0.9, 0.9, 0.92, 0.95, 1.05, 1.25]

/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 4

/** Mean of the product of both tables over a week. */
const MEAN = (HOURS.reduce((a, b) => a + b) / 24) * (WEEKDAYS.reduce((a, b) => a + b) / 7)

/**
 * Demand at a time, relative to the week's mean; interpolated linearly between hours. `utcMinutes`: the place's
 * standard time.
 */
export function demand(at: number, utcMinutes: number): number {
  const local = at + utcMinutes * 60_000
  const hours = local / HOUR_MS
  const hour = ((Math.floor(hours) % 24) + 24) % 24
  const between = hours - Math.floor(hours)
  const level = HOURS[hour]! * (1 - between) + HOURS[(hour + 1) % 24]! * between
  return (level * weekday(local)) / MEAN
}

function weekday(local: number): number {
  return WEEKDAYS[(((Math.floor(local / DAY_MS) + EPOCH_WEEKDAY) % 7) + 7) % 7]!
}

/** Maximum demand of any hour, as a multiple of the mean. */
export const PEAK_DEMAND = (Math.max(...HOURS) * Math.max(...WEEKDAYS)) / MEAN

/** Network load of the evening, 0 (quiet) to 1 (peak), which determines congestion. */
export function eveningLoad(at: number, utcMinutes: number): number {
  const level = (demand(at, utcMinutes) / PEAK_DEMAND - 0.35) / 0.65
  return Math.min(1, Math.max(0, level))
}
