import type { ComponentChildren } from 'preact'
import type { Cell, Row } from './row.ts'

/** The head of a column; `sort` gives its sort order. */
export type Head =
  ComponentChildren | { readonly content: ComponentChildren; readonly sort: 'ascending' | 'descending' | undefined }

export interface TableProps {
  readonly head: readonly Head[]
  readonly rows: readonly Row[]
  readonly class?: string
  /** Index of the row whose details are shown elsewhere. */
  readonly current?: number
}

/** A table; the first cell of a row is its header. */
export const Table = ({ head, rows, current, ...more }: TableProps) => (
  <table class={more.class}>
    <thead>
      <tr>
        {head.map((each, i) => (
          <HeadCell key={i} head={each} />
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((cells, i) => (
        <tr key={i} aria-current={i === current ? 'true' : undefined}>
          {cells.map((cell, j) => (
            <BodyCell key={j} first={j === 0} {...(typeof cell === 'string' ? { text: cell } : cell)} />
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

function HeadCell({ head }: { readonly head: Head }) {
  const isSortable = typeof head === 'object' && head !== null && 'content' in head
  return (
    <th scope="col" aria-sort={isSortable ? head.sort : undefined}>
      {isSortable ? head.content : head}
    </th>
  )
}

function BodyCell({ first, text, href, state, title, picture }: Cell & { readonly first: boolean }) {
  const content = (
    <>
      {picture as ComponentChildren}
      {href === undefined ? text : <a href={href}>{text}</a>}
    </>
  )
  return first ? (
    <th scope="row" data-state={state} title={title}>
      {content}
    </th>
  ) : (
    <td data-state={state} title={title}>
      {content}
    </td>
  )
}

/** A scrollable region for content that may exceed its space; focusable, so that keys scroll it too. */
export const Region = ({
  id,
  label,
  children,
  ...more
}: {
  readonly id?: string
  readonly label: string
  readonly class?: string
  readonly 'data-names'?: number | undefined
  readonly children: ComponentChildren
}) => (
  <div {...more} id={id} class={`scroll ${more.class ?? ''}`.trim()} tabindex={0} role="region" aria-label={label}>
    {children}
  </div>
)
