import { s } from '../shell/dom.ts'
import { NONE, timeLabel } from '../shell/format.ts'
import { apart, runs, ticksOf, timeTicks, topOf } from './scale.ts'

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

/** Edges of the plot, CSS pixels. */
const EDGE = { left: 52, top: 10, bottom: 22 }
export const HEIGHT = 156
const LABEL_PX = 14
const LETTER_PX = 7.2
/** A gap as wide as its name. */
const NAMED_PX = 46
/** So many times the greatest value. */
const MAX_BAND = 3

interface Plot {
  readonly data: ChartData
  /** Below 0 only where values are. */
  readonly low: number
  readonly top: number
  readonly right: number
  readonly x: (index: number) => number
  readonly y: (value: number) => number
}

/** Indices, both inclusive. */
export type Stretch = readonly [from: number, to: number]

/** The picture of a chart in so many pixels, with the cursor at an index (-1 none) and what is being chosen. */
export function draw(data: ChartData, width: number, cursor: number, hatch: string, chosen?: Stretch): SVGElement[] {
  const plot = plotOf(data, width)
  if (isEmpty(data)) return [...gap(plot, -1, data.times.length + 1, hatch), ...grid(plot)]
  const gaps = runs(data.times.length, (i) => data.series.every(({ values }) => (values[i] ?? null) === null)).flatMap(
    ({ from, to }) => gap(plot, from, to, hatch),
  )
  return [
    ...gaps,
    ...stretch(plot, chosen),
    ...grid(plot),
    ...thresholds(plot),
    ...data.series.flatMap((series, i) => band(plot, series, i)),
    ...data.series.flatMap((series, i) => line(plot, series, i)),
    ...names(plot),
    ...pointer(plot, cursor),
  ]
}

export const isEmpty = ({ series }: ChartData): boolean =>
  series.every(({ values }) => values.every((value) => value === null))

/** Index of the minute nearest to a place. */
export function indexAt(data: ChartData, place: number, width: number): number {
  const { times } = data
  const inner = width - EDGE.left - marginOf(data)
  return Math.max(0, Math.min(times.length - 1, Math.round(((place - EDGE.left) / inner) * (times.length - 1))))
}

/** Room for names beside the lines; a single line is named by the title. */
const marginOf = ({ series, thresholds }: ChartData): number =>
  12 +
  LETTER_PX *
    Math.max(
      0,
      ...(series.length > 1 ? series : []).map(({ name }) => name.length),
      ...(thresholds ?? []).map(({ name }) => name.length),
    )

function plotOf(data: ChartData, width: number): Plot {
  const all = data.series.flatMap(({ values }) => values.map((value) => value ?? 0))
  const [highest, least] = [Math.max(0, ...all), Math.min(0, ...all)]
  // A wide band must not press the line flat: what is beyond is cut off at the top, and told in words.
  const most = Math.max(
    highest,
    Math.min(
      MAX_BAND * highest,
      Math.max(0, ...data.series.flatMap(({ bounds = [] }) => bounds.map(([, high]) => high ?? 0))),
    ),
  )
  const [top, low, right] = [
    most === 0 && least < 0 ? 0 : topOf(most),
    least < 0 ? -topOf(-least) : 0,
    width - marginOf(data),
  ]
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

const text = (x: number, y: number, words: string, attributes: Readonly<Record<string, string>> = {}): SVGElement =>
  s('text', { x: x.toFixed(1), y: y.toFixed(1), ...attributes }, words)

function grid({ data, low, top, right, x, y }: Plot): SVGElement[] {
  const ticks = low < 0 ? [low, ...(top > 0 ? [0, top] : [0])] : ticksOf(top, data.counted ?? false)
  const levels = ticks.flatMap((tick) => [
    s('line', { class: tick === 0 ? 'base' : 'grid', x1: EDGE.left, x2: right, y1: y(tick), y2: y(tick) }),
    ...(isEmpty(data) ? [] : [text(EDGE.left - 6, y(tick) + 4, data.axis(tick), { 'text-anchor': 'end' })]),
  ])
  const name = timeLabel(data.times)
  const minutes = timeTicks(data.times, right - EDGE.left, LETTER_PX * (name(data.times[0] ?? 0).length + 3)).map(
    (index) => text(x(index), HEIGHT - 6, name(data.times[index]!), { 'text-anchor': 'middle' }),
  )
  return [...levels, ...minutes]
}

/** Nothing is known here: hatched, and named where there is room. */
function gap({ low, right, x, y }: Plot, from: number, to: number, hatch: string): SVGElement[] {
  const half = (x(1) - x(0)) / 2
  const [left, end] = [Math.max(EDGE.left, x(from) - half), Math.min(right, x(to) + half)]
  const box = s(
    'rect',
    { class: 'gap', x: left, y: EDGE.top, width: end - left, height: y(low) - EDGE.top, fill: `url(#${hatch})` },
    s('title', {}, NONE),
  )
  return end - left < NAMED_PX
    ? [box]
    : [box, text((left + end) / 2, y(low) / 2 + 8, NONE, { 'text-anchor': 'middle', class: 'named' })]
}

const thresholds = ({ data, top, right, y }: Plot): SVGElement[] =>
  (data.thresholds ?? [])
    .filter(({ value }) => value <= top)
    .flatMap(({ value, name }) => [
      s('line', { class: 'threshold', x1: EDGE.left, x2: right, y1: y(value), y2: y(value) }),
      text(right + 6, y(value) + 4, name, { class: 'threshold-name' }),
    ])

function line({ data, x, y }: Plot, { values }: Series, index: number): SVGElement[] {
  const known = runs(values.length, (i) => values[i] !== null && values[i] !== undefined)
  const path = (from: number, to: number): string =>
    Array.from(
      { length: to - from + 1 },
      (_, i) => `${i === 0 ? 'M' : 'L'}${x(from + i).toFixed(1)} ${y(values[from + i]!).toFixed(1)}`,
    ).join('')
  return known.flatMap(({ from, to }) => {
    const kind = `line s${index + 1}`
    if (from === to)
      return [
        s('circle', {
          class: `dot s${index + 1}${data.partial && to === values.length - 1 ? ' partial' : ''}`,
          cx: x(from),
          cy: y(values[from]!),
          r: 2.5,
        }),
      ]
    if (!data.partial || to < values.length - 1) return [s('path', { class: kind, d: path(from, to) })]
    return [
      ...(to - 1 > from ? [s('path', { class: kind, d: path(from, to - 1) })] : []),
      s('path', { class: `${kind} partial`, d: path(to - 1, to) }),
    ]
  })
}

/** Each line is named at its end, beside its last value that is whole. */
function names({ data, right, y }: Plot): SVGElement[] {
  if (data.series.length < 2) return []
  const shown = data.series.flatMap(({ name, values }, index) => {
    const value = values.findLast((each) => each !== null)
    return value === undefined ? [] : [{ name, index, place: y(value) + 4 }]
  })
  const places = apart(
    shown.map(({ place }) => place),
    LABEL_PX,
    HEIGHT - EDGE.bottom,
  )
  return shown.map(({ name, index }, i) => text(right + 6, places[i]!, name, { class: `name s${index + 1}` }))
}

/** What values can be: drawn where both ends are known. */
function band({ low, top, x, y }: Plot, { bounds = [] }: Series, index: number): SVGElement[] {
  const within = (value: number): number => Math.max(low, Math.min(top, value))
  const known = (i: number): boolean => typeof bounds[i]?.[0] === 'number' && typeof bounds[i][1] === 'number'
  const edge = (from: number, to: number, side: 0 | 1): string[] =>
    Array.from(
      { length: to - from + 1 },
      (_, i) => `${x(from + i).toFixed(1)} ${y(within(bounds[from + i]![side]!)).toFixed(1)}`,
    )
  return runs(bounds.length, known).map(({ from, to }) =>
    from === to
      ? s('line', {
          class: `between s${index + 1}`,
          x1: x(from),
          x2: x(from),
          y1: y(within(bounds[from]![0]!)),
          y2: y(within(bounds[from]![1]!)),
        })
      : s('path', {
          class: `between s${index + 1}`,
          d: `M${[...edge(from, to, 1), ...edge(from, to, 0).toReversed()].join('L')}Z`,
        }),
  )
}

function stretch({ low, x, y }: Plot, chosen: Stretch | undefined): SVGElement[] {
  if (chosen === undefined) return []
  const half = (x(1) - x(0)) / 2
  const [left, right] = [x(chosen[0]) - half, x(chosen[1]) + half]
  return [s('rect', { class: 'chosen', x: left, width: right - left, y: EDGE.top, height: y(low) - EDGE.top })]
}

function pointer({ data, low, x, y }: Plot, cursor: number): SVGElement[] {
  if (cursor < 0 || cursor >= data.times.length) return []
  const dots = data.series.flatMap(({ values }, index) => {
    const value = values[cursor] ?? null
    return value === null ? [] : [s('circle', { class: `dot s${index + 1}`, cx: x(cursor), cy: y(value), r: 3.5 })]
  })
  return [s('line', { class: 'cursor', x1: x(cursor), x2: x(cursor), y1: EDGE.top, y2: y(low) }), ...dots]
}

/** A line as small as a word, for the eye alone. */
export function sparkline(values: readonly (number | null)[], top: number): SVGElement {
  const [width, height] = [64, 16]
  const x = (i: number): number => (i / Math.max(1, values.length - 1)) * width
  const path = runs(values.length, (i) => values[i] !== null)
    .map(({ from, to }) =>
      Array.from(
        { length: to - from + 1 },
        (_, i) =>
          `${i === 0 ? 'M' : 'L'}${x(from + i).toFixed(1)} ${(height - 1 - (values[from + i]! / (top || 1)) * (height - 2)).toFixed(1)}`,
      ).join(''),
    )
    .join('')
  return s(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true', focusable: 'false' },
    s('path', { class: 'line s1', d: path || 'M0 0' }),
  )
}
