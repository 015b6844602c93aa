export { cellOf, type Asking, type Cell } from './cell.ts'
export { crossingOf, type CrossedCount, type CrossedRow, type Crossing, type Interaction } from './crossing.ts'
export { unitsToOpen } from './gate.ts'
export type { PhaseSums } from './estimate.ts'
export {
  lateness,
  sampleRatio,
  sampleRatioBy,
  type ArmCount,
  type DimensionHealth,
  type Lateness,
  type SampleRatio,
} from './health.ts'
export { crossedCounts, crossedSums, distributionQuery, sumsQueries, type Asked } from './queries.ts'
export { clustersQuery, type ClusterRow } from './clusters.ts'
export {
  distributionOf,
  quantileComparison,
  quantileCurve,
  type BinRow,
  type QuantileComparison,
  type QuantileCurve,
} from './quantile-cell.ts'
export { hasEnded, plannedFor, scorecardOf, type ScoreCell, type Scorecard, type Table } from './scorecard.ts'
export type { Sums as OutcomeSums, SumsRow } from './sums.ts'
export { timeseriesOf, type Point } from './timeseries.ts'
