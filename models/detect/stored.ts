/** Stored incidents and actions: all SQL statements, and the mapping of rows to values. */
import type { Query } from '../../platform/clickhouse/index.ts'
import type { Incident } from './incidents.ts'
import { ACTIONS, CHECKPOINTS, INCIDENTS } from './migrations.ts'
import type { OperatorAction } from './operators.ts'

export interface IncidentsAsk {
  readonly clock: string
  readonly state: 'open' | 'closed' | 'all'
  /** Incidents that are open within [from, to), ms of the clock. */
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly limit: number
}

export interface BodyRow {
  readonly body: string
}

const STATES = { open: 'end < 0', closed: 'end >= 0', all: '1' } as const

/** Newest first. */
export const incidentsQuery = ({ clock, state, from, to, limit }: IncidentsAsk): Query => ({
  sql: `
SELECT body FROM ${INCIDENTS} FINAL
WHERE clock = {clock:String} AND ${STATES[state]}${from === undefined ? '' : ' AND (end < 0 OR end >= {from:Int64})'}${to === undefined ? '' : ' AND start < {to:Int64}'}
ORDER BY found DESC, number DESC LIMIT {limit:UInt32}`,
  params: { clock, limit, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
})

export const incidentQuery = (id: string): Query => ({
  sql: `SELECT body FROM ${INCIDENTS} FINAL WHERE id = {id:String}`,
  params: { id },
})

export const readIncident = ({ body }: BodyRow): Incident => JSON.parse(body) as Incident

/** Actions on these incidents, oldest first. */
export const actionsQuery = (incidents: readonly string[]): Query => ({
  sql: `
SELECT incident, toFloat64(at) AS at, id, kind, by, if(until < 0, NULL, toFloat64(until)) AS until
FROM ${ACTIONS} FINAL WHERE incident IN {incidents:Array(String)} ORDER BY incident, at, id`,
  params: { incidents },
})

export const writeAction = ({ incident, at, id, kind, by, until }: OperatorAction): Query => ({
  sql: `INSERT INTO ${ACTIONS} SETTINGS async_insert = 0 SELECT {incident:String}, {at:Int64}, {id:String}, {kind:String}, {by:String}, {until:Int64}`,
  params: { incident, at, id, kind, by, until: until ?? -1 },
})

/** Inserts incidents as one block: all or none. */
export const writeIncidents = (
  incidents: readonly Incident[],
  version: number,
): string => `INSERT INTO ${INCIDENTS} SETTINGS async_insert = 0 FORMAT JSONEachRow
${incidents.map((incident) => JSON.stringify({ clock: incident.clock, number: incident.number, id: incident.id, start: incident.start, found: incident.found, end: incident.end ?? -1, version, body: JSON.stringify(incident) })).join('\n')}`

/** For a start without a checkpoint: the last incident number and the incidents still open. */
export const leftQuery = (clock: string): Query => ({
  sql: `SELECT toFloat64(max(number)) AS last, toFloat64(max(version)) AS version, groupArrayIf(body, end < 0) AS open FROM ${INCIDENTS} FINAL WHERE clock = {clock:String}`,
  params: { clock },
})

export interface LeftRow {
  readonly last: number
  readonly version: number
  readonly open: readonly string[]
}

export interface CheckpointRow {
  readonly version: number
  readonly state: string
}

export const checkpointQuery = (clock: string): Query => ({
  sql: `SELECT toFloat64(version) AS version, state FROM ${CHECKPOINTS} WHERE clock = {clock:String} ORDER BY version DESC LIMIT 1`,
  params: { clock },
})

export const checkpointVersion = (clock: string): Query => ({
  sql: `SELECT toFloat64(max(version)) AS version FROM ${CHECKPOINTS} WHERE clock = {clock:String}`,
  params: { clock },
})

export const writeCheckpoint = (row: {
  readonly clock: string
  readonly version: number
  readonly at: number
  readonly state: string
}): string => `INSERT INTO ${CHECKPOINTS} SETTINGS async_insert = 0 FORMAT JSONEachRow\n${JSON.stringify(row)}`
