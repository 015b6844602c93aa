/**
 * Shares of the arms' units that are compared. Asymptotic intervals hold at equal sizes; at 10/90 with skewed or rare
 * outcomes, the nominal 5 % of false alarms were 18 to 37 %. So arms of unequal weights are compared by equally large
 * samples, drawn by hash: a unit that is included stays included.
 */
export function keptShares(weights: readonly number[]): readonly number[] {
  const used = weights.filter((weight) => weight > 0)
  const least = Math.min(...used)
  return weights.map((weight) => (weight > 0 ? least / weight : 1))
}
