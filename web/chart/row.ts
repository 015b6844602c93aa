/** A cell: text, or text that leads somewhere; a state colours it beside its words. */
export interface Cell {
  readonly text: string
  readonly href?: string
  readonly state?: string
  /** On hover: the same, more exactly. */
  readonly title?: string
  /** Drawn before the text, said by no one: an element. */
  readonly picture?: object
}
export type Row = readonly (string | Cell)[]
