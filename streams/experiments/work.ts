import type { Query } from '../../platform/clickhouse/port.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { EXPOSURES } from '../../schemas/experiments/tables.ts'
import { IN_BLOCKS, type Blocks } from '../touched/index.ts'

/** Amount of work, counted before it is done, to choose the slices. */
export const changedSessions = (blocks: Blocks): Query => ({
  sql: `SELECT toFloat64(uniqExact(clock, session_id, instance)) AS rows FROM session_mark_v1 WHERE ${IN_BLOCKS}`,
  params: { ...blocks },
})
export const exposedUnits = ({ clock, id, unit }: RegisteredExperiment): Query => ({
  sql: `SELECT toFloat64(uniqExact(unit_id)) AS rows FROM ${EXPOSURES} WHERE clock = {clock:String} AND experiment_id = {experiment:String} AND unit_type = {unit:String}`,
  params: { clock, experiment: id, unit },
})

/** Ids of an experiment's units that were marked directly or through one of their profiles. */
export function touchedUnits({ clock, id, unit }: RegisteredExperiment, blocks: Blocks): Query {
  const marks = (type: string): string =>
    `SELECT unit_id FROM unit_mark_v1 WHERE ${IN_BLOCKS} AND clock = {clock:String} AND unit_type = ${type}`
  const byProfile =
    unit === 'profile'
      ? ''
      : ` UNION DISTINCT SELECT unit_id FROM unit_identity_v1 WHERE clock = {clock:String} AND unit_type = {unit:String} AND profile_id IN (${marks("'profile'")})`
  return {
    sql: `SELECT DISTINCT unit_id FROM ${EXPOSURES} WHERE clock = {clock:String} AND experiment_id = {experiment:String} AND unit_type = {unit:String} AND unit_id IN (${marks('{unit:String}')}${byProfile})`,
    params: { ...blocks, clock, experiment: id, unit },
  }
}
