import { h, setText } from '../shell/dom.ts'
import { NONE, timeLabel } from '../shell/format.ts'
import type { ChartData, Series } from './draw.ts'
import { createTable, type Row, type Table } from './table.ts'

/** The table of a chart, of the same array, with what its figures mean; filled while it is open. */
export interface Twin {
  readonly element: HTMLElement
  show(data: ChartData, meaning: string): void
}

export function createTwin(title: string): Twin {
  const about = h('p', { class: 'note meaning' })
  const region = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${title}, as a table` })
  const element = h(
    'details',
    {},
    h('summary', {}, 'Table', h('span', { class: 'voice' }, ` of ${title}`)),
    about,
    region,
  )
  let shown: ChartData | undefined
  let [table, head]: [Table | undefined, string] = [undefined, '']
  const fill = (): void => {
    if (shown === undefined || !element.open) return
    const columns = headOf(shown).join('\n')
    if (table === undefined || columns !== head) {
      table = createTable(headOf(shown))
      region.replaceChildren(table.element)
    }
    head = columns
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

const wordy = ({ remarks = [] }: Series): boolean => remarks.some((remark) => remark !== '')
const headOf = ({ series }: ChartData): string[] => [
  'from',
  ...series.flatMap((each) => [each.name, ...(wordy(each) ? [`${each.name} can be`] : [])]),
]

function rowsOf(data: ChartData): Row[] {
  const { times, series, format, partial } = data
  const name = timeLabel(times)
  return times.map((time, i) => [
    `${name(time)}${partial && i === times.length - 1 ? ', not over' : ''}`,
    ...series.flatMap((each) => [
      cellOf(format(each.values[i] ?? null), each.links?.[i]),
      ...(wordy(each) ? [each.remarks?.[i] ?? ''] : []),
    ]),
  ])
}

const cellOf = (text: string, href = ''): Row[number] => (href === '' || text === NONE ? text : { text, href })
