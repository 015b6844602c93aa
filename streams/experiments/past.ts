import { pastCut, type Cut } from '../../platform/audit.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { landingTable } from '../../schemas/topics.ts'
import { UNIT_SESSIONS } from './session-fact.ts'

/** Sessions with a record at or past the cut. Its parameter is `clock`, as of the queries below. */
export const sessionsPast = (cut: Cut): string =>
  `SELECT session_id FROM ${landingTable('playback.telemetry')} WHERE clock = {clock:String} AND ${pastCut(cut, 'playback.telemetry')}`

/**
 * Units whose outcome an event at or past the cut may have changed: by their own exposure, by facts or erasures of
 * their profiles, or by a new member. Parameters: `clock` and `unit`, the kind of units.
 */
export function unitsPast({ unit }: Pick<RegisteredExperiment, 'unit'>, cut: Cut): string {
  const of = (column: string, topic: 'viewer.actions' | 'playback.telemetry' | 'experiment.exposures'): string =>
    `SELECT ${column} FROM ${landingTable(topic)} WHERE clock = {clock:String} AND ${pastCut(cut, topic)}`
  const profiles = [
    of('profile_id', 'viewer.actions'),
    of('profile_id', 'playback.telemetry'),
    // A record need not name the owner of its session, and an exposure of any kind may name a new member.
    `SELECT profile_id FROM ${UNIT_SESSIONS} WHERE clock = {clock:String} AND session_id IN (${sessionsPast(cut)})`,
    `${of('profile_id', 'experiment.exposures')} AND profile_id != ''`,
  ].join(' UNION DISTINCT ')
  const owned =
    unit === 'profile'
      ? profiles
      : `SELECT unit_id FROM unit_identity_v1 WHERE clock = {clock:String} AND unit_type = {unit:String} AND profile_id IN (${profiles})`
  return `${of('unit_id', 'experiment.exposures')} AND unit_type = {unit:String} UNION DISTINCT ${owned}`
}
