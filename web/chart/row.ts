/** A cell: text, optionally a link; a state adds colour to the text. */
export interface Cell {
  readonly text: string
  readonly href?: string
  readonly state?: string
  /** Tooltip: the same value with more digits. */
  readonly title?: string
  /** An element before the text, hidden from screen readers. */
  readonly picture?: object
}
export type Row = readonly (string | Cell)[]
