import { h, setText } from '../shell/dom.ts'
import { clockTime, NONE } from '../shell/format.ts'
import type { ChartData } from './draw.ts'
import { createTable, type Row, type Table } from './table.ts'

/** The table of a chart, of the same array, with what its figures mean; filled while it is open. */
export interface Twin {
  readonly element: HTMLElement
  show(data: ChartData, meaning: string): void
}

export function createTwin(title: string): Twin {
  const about = h('p', { class: 'note meaning' })
  const region = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${title}, as a table` })
  const element = h('details', {}, h('summary', {}, 'Table', h('span', { class: 'voice' }, ` of ${title}`)), about, region)
  let shown: ChartData | undefined
  let table: Table | undefined
  const fill = (): void => {
    if (shown === undefined || !element.open) return
    table ??= attach(region, shown)
    table.fill(rowsOf(shown))
  }
  element.addEventListener('toggle', fill)
  return {
    element,
    show(data, meaning) {
      shown = data
      setText(about, meaning)
      fill()
    },
  }
}

function attach(region: HTMLElement, { series }: ChartData): Table {
  const table = createTable(['minute', ...series.map(({ name }) => name)])
  region.replaceChildren(table.element)
  return table
}

const rowsOf = ({ times, series, format, partial }: ChartData): Row[] =>
  times.map((time, i) => [`${clockTime(time)}${partial && i === times.length - 1 ? ', not over' : ''}`, ...series.map(({ values, links }) => cellOf(format(values[i] ?? null), links?.[i]))])

const cellOf = (text: string, href = ''): Row[number] => (href === '' || text === NONE ? text : { text, href })
