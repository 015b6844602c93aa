import { h, setText } from '../shell/dom.ts'

/** A cell: text, or text that leads somewhere; a state colours it beside its words. */
export interface Cell {
  readonly text: string
  readonly href?: string
  readonly state?: string
  /** On hover: the same, more exactly. */
  readonly title?: string
  /** Drawn behind the text, said by no one. */
  readonly picture?: Element
}
export type Row = readonly (string | Cell)[]

/**
 * A table that is filled again and again: rows and cells stay, so that what has the focus or is being read does not go.
 */
export interface Table {
  readonly element: HTMLTableElement
  fill(rows: readonly Row[]): void
}

export function createTable(head: readonly (string | Node)[], className = ''): Table {
  const body = h('tbody')
  const element = h(
    'table',
    { class: className },
    h('thead', {}, h('tr', {}, ...head.map((text) => h('th', { scope: 'col' }, text)))),
    body,
  )
  return {
    element,
    fill(rows) {
      while (body.rows.length > rows.length) body.deleteRow(-1)
      rows.forEach((cells, i) => {
        const row = body.rows[i] ?? body.insertRow()
        cells.forEach((cell, j) =>
          fillCell(row.cells[j] ?? (j === 0 ? row.appendChild(h('th', { scope: 'row' })) : row.insertCell()), cell),
        )
      })
    },
  }
}

function fillCell(element: HTMLTableCellElement, cell: string | Cell): void {
  const { text, href, state, title, picture }: Cell = typeof cell === 'string' ? { text: cell } : cell
  if (state === undefined) delete element.dataset['state']
  else element.dataset['state'] = state
  if (title !== undefined) element.title = title
  if (picture !== undefined) return element.replaceChildren(picture, href === undefined ? text : h('a', { href }, text))
  if (href === undefined) return setText(element, text)
  if (element.firstElementChild?.tagName !== 'A' || element.childNodes.length > 1) element.replaceChildren()
  const link = element.querySelector('a') ?? element.appendChild(h('a'))
  link.setAttribute('href', href)
  setText(link, text)
}
