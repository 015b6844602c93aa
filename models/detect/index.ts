export { causesOfChange, type CauseEvidence, type Rows } from './cause.ts'
export { describeCause, within, type Cause, type Dimension, type MinuteCell } from './cells.ts'
export { type DetectorInput, type DetectorState, type Signal } from './detector.ts'
export type { MinuteOfCells } from './minutes.ts'
export { NO_INCIDENTS, observe, titleOf, type Finding, type Incident, type Incidents } from './incidents.ts'
export { METRICS, type Metric } from './metrics.ts'
export { migrations } from './migrations.ts'
export { advance, emptyMonitor, type MonitorInput, type MonitorState } from './monitor.ts'
export { standingOf, standingsOf, UNTOUCHED, type OperatorAction, type Standing } from './operators.ts'
export { DEFAULTS, type Options, type ThresholdRule } from './options.ts'
export { evidencePayload, incidentPayload, type EvidencePayload, type IncidentPayload } from './payloads.ts'
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
