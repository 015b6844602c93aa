import { NONE, timeLabel } from '../shell/format.ts'

/** One line; null is a minute without data. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
  /** Between what each value can be, given what is known to be missing; a band behind the line. null = no bound. */
  readonly bounds?: readonly (readonly [low: number | null, high: number | null])[]
  /** In words, beside each value in readings and the table; '' says nothing. */
  readonly remarks?: readonly string[]
  /** Where each value leads. */
  readonly links?: readonly string[]
}

/** A value from which on something is wrong. */
export interface Threshold {
  readonly value: number
  readonly name: string
}

/** What a chart, its reading and its table show: one array for all three. */
export interface ChartData {
  /** Starts of the minutes (or of other equal steps), ms, ascending. */
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number | null) => string
  readonly axis: (value: number) => string
  /** Values are counted, not measured. */
  readonly counted?: boolean
  readonly thresholds?: readonly Threshold[]
  /** The last minute is not over. */
  readonly partial: boolean
  /** Index that is read while there is no cursor; the minute that is over last by default. */
  readonly read?: number
}

/** Indices, both inclusive. */
export type Stretch = readonly [from: number, to: number]

export const NO_CHART: ChartData = { times: [], series: [], format: String, axis: String, partial: false }

export const isEmpty = ({ series }: ChartData): boolean =>
  series.every(({ values }) => values.every((value) => value === null))

/**
 * What is read without a cursor: the minute that is over last, whose figures do not move any more, or what the chart
 * names.
 */
export const settled = ({ times, partial, read }: ChartData): number =>
  read ?? times.length - (partial && times.length > 1 ? 2 : 1)

/** All values of a minute in words. */
export const spoken = ({ times, series, format }: ChartData, index: number): string =>
  times.length === 0
    ? NONE
    : `${timeLabel(times)(times[index] ?? 0)}: ${series.map(({ name, values, remarks }) => `${name} ${format(values[index] ?? null)}${remarkOf(remarks?.[index])}`).join(', ')}`

export const remarkOf = (remark = ''): string => (remark === '' ? '' : ` (${remark})`)
