import { eBenjaminiHochberg } from '../statistics/index.ts'

/** A cell that competes with others of its family. */
export interface Contender {
  readonly logE: number | null
}

/** Which are discoveries; cells that say nothing yet count among the questions, since they were asked. */
export const discoveries = (cells: readonly Contender[], alpha: number): readonly boolean[] => eBenjaminiHochberg(cells.map(({ logE }) => logE ?? -Infinity), alpha)
