import { useState } from 'preact/hooks'
import { Region, Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import { None, Section } from '../shell/parts.tsx'
import type { Breakdown as Answer } from './asked.ts'
import { columnsOf, IMPACT, inOrder, noteOf, type Column } from './columns.tsx'
import { MAX_CELLS } from './question.ts'

export interface BreakdownProps {
  readonly address: Address
  /** Or the reason why there is none, as text. */
  readonly answer: Answer | string | undefined
}

/** Cells of the breakdown, those with the largest negative impact first; any column sorts. */
export function Breakdown({ address, answer }: BreakdownProps) {
  const found = typeof answer === 'object' && answer.cells.length > 0 ? answer : undefined
  return (
    <Section
      name="breakdown"
      wide
      title={found === undefined ? 'Breakdown' : `By ${found.view.by.join(', ')}`}
      choice={<></>}
    >
      <p class="note">{found === undefined ? '' : noteOf(found)}</p>
      <Region id="breakdown" label="Breakdown, as a table" data-names={found?.view.by.length}>
        {answer === undefined ? (
          <span class="skeleton block" />
        ) : found === undefined ? (
          <None>{typeof answer === 'string' ? answer : undefined}</None>
        ) : (
          <Cells address={address} answer={found} />
        )}
      </Region>
    </Section>
  )
}

function Cells({ address, answer }: { readonly address: Address; readonly answer: Answer }) {
  const [{ sorted, up }, sort] = useState({ sorted: IMPACT, up: false })
  const columns = columnsOf(answer, address)
  const by = [sorted, IMPACT, 'sessions'].map((name) => columns.find((each) => each.name === name)).find(Boolean)!
  const toggle = (name: string): void => sort({ sorted: name, up: name === by.name && !up })
  return (
    <Table
      head={columns.map((column) => ({
        content: <SortButton column={column} sort={() => toggle(column.name)} />,
        sort: column.name === by.name ? (up ? 'ascending' : 'descending') : undefined,
      }))}
      rows={inOrder(answer.cells, by, up)
        .slice(0, MAX_CELLS)
        .map((cell) => columns.map((column) => column.cell(cell)))}
    />
  )
}

const SortButton = ({ column: { name, means = '' }, sort }: { readonly column: Column; readonly sort: () => void }) => (
  <button type="button" class="sort" name={name} title={means} onClick={sort}>
    {name}
  </button>
)
