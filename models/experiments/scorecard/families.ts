import { benjaminiHochberg, eBenjaminiHochberg, holm } from '../statistics/index.ts'

/** A cell that competes with others of its family. */
export interface Contender {
  readonly logE: number | null
  readonly once: { readonly p: number } | null
}

/** p-values of a family that are valid once, as they stand among its other questions. */
export interface AdjustedP {
  readonly holm: number
  readonly benjaminiHochberg: number
}

/** Which are discoveries; cells that say nothing yet count among the questions, since they were asked. */
export const discoveries = (cells: readonly Contender[], alpha: number): readonly boolean[] =>
  eBenjaminiHochberg(
    cells.map(({ logE }) => logE ?? -Infinity),
    alpha,
  )

/** Null where nothing is valid once yet. */
export function adjustedP(cells: readonly Contender[]): readonly (AdjustedP | null)[] {
  const p = cells.map(({ once }) => once?.p ?? 1)
  const [strict, lenient] = [holm(p), benjaminiHochberg(p)]
  return cells.map(({ once }, at) => (once === null ? null : { holm: strict[at]!, benjaminiHochberg: lenient[at]! }))
}
