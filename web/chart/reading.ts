import { h, setText } from '../shell/dom.ts'
import { clockTime, NONE } from '../shell/format.ts'
import { isEmpty, type ChartData } from './draw.ts'

/** The minute that is over last: its figures do not move any more. */
export const settled = ({ times, partial }: ChartData): number => times.length - (partial && times.length > 1 ? 2 : 1)

/** All values of a minute in words. */
export const spoken = ({ times, series, format }: ChartData, index: number): string =>
  times.length === 0 ? NONE : `${clockTime(times[index] ?? 0)}: ${series.map(({ name, values }) => `${name} ${format(values[index] ?? null)}`).join(', ')}`

/** The values of one minute over a chart: those under the cursor, or else of the last minute that is over. */
export interface Reading {
  readonly time: HTMLElement
  readonly values: HTMLElement
  show(data: ChartData, index: number): void
}

/** `judge` gives the sign of the first line's value. */
export function createReading(judge?: (value: number | null) => string): Reading {
  const time = h('time')
  const values = h('p', { class: 'reading' }, h('span', { class: 'skeleton block' }))
  return {
    time, values,
    show(data, index) {
      setText(time, data.times.length === 0 ? '' : clockTime(data.times[index]!))
      if (isEmpty(data)) return values.replaceChildren(NONE)
      const state = judge?.(data.series[0]!.values[index] ?? null)
      values.replaceChildren(...data.series.map((_, i) => valueOf(data, i, index)), ...(state === undefined || state === 'unknown' ? [] : [h('span', { class: 'status', 'data-state': state }, WORDS[state] ?? state)]))
    },
  }
}

function valueOf({ series, format }: ChartData, line: number, index: number): HTMLElement {
  const { name, values, links } = series[line]!
  const text = format(values[index] ?? null)
  const key = series.length > 1 ? [h('i', { class: `key s${line + 1}` }), `${name} `] : []
  const shown = text === NONE ? h('span', {}, text) : links?.[index] ? h('a', { href: links[index] }, h('b', {}, text)) : h('b', {}, text)
  return h('span', { class: 'value' }, ...key, shown)
}

const WORDS: Readonly<Record<string, string>> = { good: 'good', warn: 'noticeable', bad: 'bad' }
