import { NONE, timeLabel } from '../shell/format.ts'

/** One line; null is a minute without data. */
export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
  /**
   * Lower and upper bound of each value, given the known missing telemetry; drawn as a band behind the line. null = no
   * bound.
   */
  readonly bounds?: readonly (readonly [low: number | null, high: number | null])[]
  /** Text next to each value in readings and the table; '' for none. */
  readonly remarks?: readonly string[]
  /** The link of each value. */
  readonly links?: readonly string[]
}

/** A value from which something is wrong. */
export interface Threshold {
  readonly value: number
  readonly name: string
}

/** A chart over something else than time, such as levels of a distribution. */
export interface Steps {
  /** Heading of their column in the table. */
  readonly head: string
  readonly name: (at: number) => string
}

/** The data of a chart, its reading and its table: one array for all three. */
export interface ChartData {
  /** Starts of the minutes (or of other equal steps), ms, ascending; what they are otherwise, `steps` says. */
  readonly times: readonly number[]
  readonly series: readonly Series[]
  readonly format: (value: number | null) => string
  readonly axis: (value: number) => string
  /** Values are counts, not measurements. */
  readonly counted?: boolean
  readonly thresholds?: readonly Threshold[]
  /** At each time, the values that do not matter, drawn as a strip. */
  readonly strip?: readonly (readonly [low: number, high: number])[]
  readonly steps?: Steps
  /** Whether the last minute is incomplete. */
  readonly partial: boolean
  /** Index shown without a cursor; by default the last complete minute. */
  readonly read?: number
}

/** Indices, both inclusive. */
export type Stretch = readonly [from: number, to: number]

export const NO_CHART: ChartData = { times: [], series: [], format: String, axis: String, partial: false }

export const isEmpty = ({ series }: ChartData): boolean =>
  series.every(({ values }) => values.every((value) => value === null))

/** The index shown without a cursor: `read`, or the last complete minute, whose figures no longer change. */
export const settled = ({ times, partial, read }: ChartData): number =>
  read ?? times.length - (partial && times.length > 1 ? 2 : 1)

/** How the chart's times are written. */
export const stepName = ({ steps, times }: ChartData): ((at: number) => string) => steps?.name ?? timeLabel(times)

/** All values of a minute as text. */
export const spoken = (data: ChartData, index: number): string => {
  const { times, series, format } = data
  return times.length === 0
    ? NONE
    : `${stepName(data)(times[index] ?? 0)}: ${series.map(({ name, values, remarks }) => `${name} ${format(values[index] ?? null)}${remarkOf(remarks?.[index])}`).join(', ')}`
}

export const remarkOf = (remark = ''): string => (remark === '' ? '' : ` (${remark})`)
