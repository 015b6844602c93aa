import type { ChartData } from './data.ts'
import { topOf } from './scale.ts'

/** Edges of the plot, CSS pixels. */
export const EDGE = { left: 52, top: 10, bottom: 22 }
export const HEIGHT = 156
export const LETTER_PX = 7.2
/** The height for bands, as a multiple of the greatest value. */
const MAX_BAND = 3

/** Positions of values and minutes in the picture. */
export interface Plot {
  readonly data: ChartData
  /** Below 0 only if some values are. */
  readonly low: number
  readonly top: number
  readonly right: number
  readonly x: (index: number) => number
  readonly y: (value: number) => number
}

/** Space for names beside the lines; a single line is named by the title. */
const marginOf = ({ series, thresholds }: ChartData): number =>
  12 +
  LETTER_PX *
    Math.max(
      0,
      ...(series.length > 1 ? series : []).map(({ name }) => name.length),
      ...(thresholds ?? []).map(({ name }) => name.length),
    )

export function plotOf(data: ChartData, width: number): Plot {
  const all = data.series.flatMap(({ values }) => values.map((value) => value ?? 0))
  const [highest, lowest] = [Math.max(0, ...all), Math.min(0, ...all)]
  const bounds = data.series.flatMap((series) => (series.bounds ?? []).flatMap((pair) => pair.map((end) => end ?? 0)))
  // A wide band must not flatten the line: what is beyond is cut off, and given as text.
  const reach = MAX_BAND * Math.max(highest, -lowest)
  const most = Math.max(highest, Math.min(reach, Math.max(0, ...bounds)))
  const least = Math.min(lowest, Math.max(-reach, Math.min(0, ...bounds)))
  const top = most === 0 && least < 0 ? 0 : topOf(most)
  const low = least < 0 ? -topOf(-least) : 0
  const right = width - marginOf(data)
  const last = Math.max(1, data.times.length - 1)
  return {
    data,
    low,
    top,
    right,
    x: (index) => EDGE.left + (index / last) * (right - EDGE.left),
    y: (value) => HEIGHT - EDGE.bottom - ((value - low) / (top - low)) * (HEIGHT - EDGE.top - EDGE.bottom),
  }
}

/** Index of the minute nearest to a position. */
export function indexAt(data: ChartData, place: number, width: number): number {
  const { times } = data
  const inner = width - EDGE.left - marginOf(data)
  return Math.max(0, Math.min(times.length - 1, Math.round(((place - EDGE.left) / inner) * (times.length - 1))))
}
