export { SINK_REPORT, type PartitionStats, type SinkStats } from './report.ts'
