export { viewTargets } from './queries.ts'
export { openRelanding, type Relanded, type Relanding } from './reland.ts'
export { SINK_REPORT, type PartitionStats, type SinkStats } from './report.ts'
