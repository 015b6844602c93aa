import { useState } from 'preact/hooks'
import { NONE } from '../shell/format.ts'
import { stepName, type ChartData, type Series } from './data.ts'
import type { Row } from './row.ts'
import { Region, Table } from './table.tsx'

export interface TwinProps {
  readonly title: string
  readonly data: ChartData | undefined
  /** What the figures mean. */
  readonly meaning: string
}

/** The table of a chart, from the same array, with what its figures mean; rendered only while open. */
export function Twin({ title, data, meaning }: TwinProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Table<span class="voice"> of {title}</span>
      </summary>
      <p class="note meaning">{meaning}</p>
      <Region label={`${title}, as a table`}>
        {isOpen && data !== undefined && <Table head={headOf(data)} rows={rowsOf(data)} />}
      </Region>
    </details>
  )
}

const hasRemarks = ({ remarks = [] }: Series): boolean => remarks.some((remark) => remark !== '')
const headOf = ({ series, steps }: ChartData): string[] => [
  steps?.head ?? 'from',
  ...series.flatMap((each) => [each.name, ...(hasRemarks(each) ? [`${each.name} can be`] : [])]),
]

function rowsOf(data: ChartData): Row[] {
  const { times, series, format, partial } = data
  const name = stepName(data)
  return times.map((time, i) => [
    `${name(time)}${partial && i === times.length - 1 ? ', not over' : ''}`,
    ...series.flatMap((each) => [
      cellOf(format(each.values[i] ?? null), each.links?.[i]),
      ...(hasRemarks(each) ? [each.remarks?.[i] ?? ''] : []),
    ]),
  ])
}

const cellOf = (text: string, href = ''): Row[number] => (href === '' || text === NONE ? text : { text, href })
