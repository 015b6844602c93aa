import type { Query } from '../../platform/clickhouse/port.ts'
import { EXPOSURES } from '../../schemas/experiments/tables.ts'

/** Units of one kind in one experiment. */
export interface Enrolled {
  readonly clock: string
  readonly experiment: string
  readonly unit: string
}

/** Properties of a unit at its first exposure. */
export const AT_EXPOSURE = ['country', 'device', 'asn', 'app_version'] as const
export type AtExposure = (typeof AT_EXPOSURE)[number]

export interface ArmRow {
  readonly phase: number
  readonly variation: number
  /** Units by their first exposure, before any exclusion: SRM uses this count. */
  readonly units: number
  /** Those of them that were exposed to several variations of the phase: they are excluded from all arms. */
  readonly multiple: number
  /** First exposures of the first and the last of them, ms of the clock. */
  readonly from: number
  readonly to: number
  /** Value of the requested dimension. */
  readonly value?: string
}

/** Units by phase and variation; with `by`, also by that property at their first exposure. */
export function arms({ clock, experiment, unit }: Enrolled, by?: AtExposure, exposures = EXPOSURES): Query {
  const value = by === undefined ? '' : `, toString(${by}) AS value`
  const key = by === undefined ? '' : ', value'
  return {
    sql: `SELECT phase, variation${value}, toFloat64(count()) AS units, toFloat64(countIf(multiple = 1)) AS multiple,
        toFloat64(min(first_ms)) AS \`from\`, toFloat64(max(first_ms)) AS \`to\`
      FROM ${exposures} FINAL
      WHERE clock = {clock:String} AND experiment_id = {experiment:String} AND unit_type = {unit:String} AND exposed = 1
      GROUP BY phase, variation${key} ORDER BY phase, variation${key} LIMIT 5000`,
    params: { clock, experiment, unit },
  }
}

/** Units whose exposure reached the log late, by arm: if one arm has more of them, missing units are not random. */
export interface LateRow {
  readonly variation: number
  readonly units: number
  readonly late: number
}

/** Beyond this delay, ms, the cause is something other than the network. */
const LATE_MS = 3_600_000

export const lateExposures = ({ clock, experiment, unit }: Enrolled): Query => ({
  sql: `SELECT variation, toFloat64(uniqExact(unit_id)) AS units, toFloat64(uniqExactIf(unit_id, toUnixTimestamp64Milli(received_time) - toUnixTimestamp64Milli(event_time) > ${LATE_MS})) AS late
    FROM experiment_exposures WHERE clock = {clock:String} AND experiment_id = {experiment:String} AND unit_type = {unit:String} AND in_experiment AND NOT forced
    GROUP BY variation ORDER BY variation LIMIT 1000`,
  params: { clock, experiment, unit },
})

export interface ExperimentSeen {
  readonly experiment: string
  readonly unit: string
  readonly units: number
  readonly variations: number
  /** First exposures of the first and the last unit, ms of the clock. */
  readonly from: number
  readonly to: number
}

/** Experiments with exposures on a clock. */
export const experimentsSeen = (clock: string): Query => ({
  sql: `SELECT experiment_id AS experiment, unit_type AS unit, toFloat64(count()) AS units, toUInt32(uniqExact(variation)) AS variations,
      toFloat64(min(first_ms)) AS \`from\`, toFloat64(max(first_ms)) AS \`to\`
    FROM ${EXPOSURES} FINAL WHERE clock = {clock:String} AND exposed = 1
    GROUP BY experiment_id, unit_type ORDER BY experiment, unit LIMIT 5000`,
  params: { clock },
})

/** Nothing on the clock `live` happens after its receipt. */
const HAPPENED = "toUnixTimestamp64Milli(if(clock = 'live', least(event_time, received_time), event_time))"

/**
 * The current time of a clock without telemetry: its latest action or exposure, excluding the last per mille, which may
 * come from broken clocks. Null if there are no events.
 */
export const reached = (clock: string): Query => ({
  sql: `SELECT if(count() = 0, NULL, toFloat64(max(at))) AS at FROM (
      SELECT at, row_number() OVER (ORDER BY at DESC) AS place, count() OVER () AS total FROM (
        SELECT ${HAPPENED} AS at FROM viewer_actions WHERE clock = {clock:String}
        UNION ALL SELECT ${HAPPENED} AS at FROM experiment_exposures WHERE clock = {clock:String}
      )
    ) WHERE place > least(intDiv(total, 1000), 100)`,
  params: { clock },
})
