export { causesOfChange, rankCauses, type CauseEvidence, type Rows } from './cause.ts'
export { describeCause, DIMENSIONS, within, type Cause, type Dimension, type MinuteCell } from './cells.ts'
export { detect, emptyDetector, type DetectorInput, type DetectorState, type Signal } from './detector.ts'
export type { MinuteOfCells } from './minutes.ts'
export { NO_INCIDENTS, observe, ongoing, titleOf, type Finding, type Incident, type Incidents } from './incidents.ts'
export { METRICS, type Metric } from './metrics.ts'
export { migrations } from './migrations.ts'
export { advance, emptyMonitor, type MonitorInput, type MonitorState } from './monitor.ts'
export { standingOf, standingsOf, stateOf, UNTOUCHED, type OperatorAction, type Standing } from './operators.ts'
export { DEFAULTS, type Options, type ThresholdRule } from './options.ts'
export { evidencePayload, incidentPayload, logLine, type EvidencePayload, type IncidentPayload } from './payloads.ts'
export { startDetection, type DetectionOptions } from './role.ts'
export { readRules } from './rules.ts'
export {
  actionsQuery,
  incidentQuery,
  incidentsQuery,
  readIncident,
  writeAction,
  type BodyRow,
  type IncidentsAsk,
} from './stored.ts'
