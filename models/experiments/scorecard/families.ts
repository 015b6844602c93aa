import { benjaminiHochberg, eBenjaminiHochberg, holm } from '../statistics/index.ts'

/** A cell, as a hypothesis of its family. */
export interface Contender {
  readonly logE: number | null
  readonly once: { readonly p: number } | null
}

/** Adjusted p-values within a family, for p-values that are valid once. */
export interface AdjustedP {
  readonly holm: number
  readonly benjaminiHochberg: number
}

/** Which cells are discoveries; cells without a result yet also count as hypotheses. */
export const discoveries = (cells: readonly Contender[], alpha: number): readonly boolean[] =>
  eBenjaminiHochberg(
    cells.map(({ logE }) => logE ?? -Infinity),
    alpha,
  )

/** Null for cells without a p-value that is valid once. */
export function adjustedP(cells: readonly Contender[]): readonly (AdjustedP | null)[] {
  const p = cells.map(({ once }) => once?.p ?? 1)
  const [strict, lenient] = [holm(p), benjaminiHochberg(p)]
  return cells.map(({ once }, at) => (once === null ? null : { holm: strict[at]!, benjaminiHochberg: lenient[at]! }))
}
