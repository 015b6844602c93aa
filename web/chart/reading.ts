import { h, setText } from '../shell/dom.ts'
import { NONE, timeLabel } from '../shell/format.ts'
import { isEmpty, type ChartData } from './draw.ts'

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

const remarkOf = (remark = ''): string => (remark === '' ? '' : ` (${remark})`)

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
    time,
    values,
    show(data, index) {
      setText(time, data.times.length === 0 ? '' : timeLabel(data.times)(data.times[index]!))
      if (isEmpty(data)) return values.replaceChildren(NONE)
      const state = judge?.(data.series[0]!.values[index] ?? null)
      values.replaceChildren(
        ...data.series.map((_, i) => valueOf(data, i, index)),
        ...(state === undefined || state === 'unknown'
          ? []
          : [h('span', { class: 'status', 'data-state': state }, WORDS[state] ?? state)]),
      )
    },
  }
}

function valueOf({ series, format }: ChartData, line: number, index: number): HTMLElement {
  const { name, values, remarks, links } = series[line]!
  const text = format(values[index] ?? null)
  const key = series.length > 1 ? [h('i', { class: `key s${line + 1}` }), `${name} `] : []
  const shown =
    text === NONE
      ? h('span', {}, text)
      : links?.[index]
        ? h('a', { href: links[index] }, h('b', {}, text))
        : h('b', {}, text)
  return h('span', { class: 'value' }, ...key, shown, ...(remarks?.[index] ? [remarkOf(remarks[index])] : []))
}

const WORDS: Readonly<Record<string, string>> = { good: 'good', warn: 'noticeable', bad: 'bad' }
