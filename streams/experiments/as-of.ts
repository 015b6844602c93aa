import { pastCut, type Cut } from '../../platform/audit.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { inSlice, inSlices } from '../../platform/clickhouse/slices.ts'
import { metricsOf, type RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey } from '../../schemas/experiments/metric.ts'
import { EXPOSURES, OUTCOMES } from '../../schemas/experiments/tables.ts'
import { recomputeFrom, type TouchedDomain } from '../touched/index.ts'
import { unitExposure } from './exposure.ts'
import { MAX_UNITS } from './job.ts'
import { identitiesOf } from './marks.ts'
import { STORED, storeOutcomes, type Sources } from './outcome.ts'
import { profileDay } from './profile-day.ts'
import { sessionsPast, unitsPast } from './past.ts'
import { ownedSessions } from './session-fact.ts'

/** First exposures and outcomes of one experiment, in tables of their own. */
export interface AsOf {
  readonly exposures: string
  readonly outcomes: string
}

export interface AsOfOptions {
  readonly store: Store
  readonly experiment: RegisteredExperiment
  /** The place of the log: tables must have held everything before it when they were first read for it. */
  readonly cut: Cut
  /** SQL of rows of `qoe_session_v1`, from records before the cut that meet a condition (streams/qoe). */
  readonly sessionsBefore: (cut: Cut, which: string) => string
  /** Tells the tables of concurrent calls apart: letters, digits and '_'. */
  readonly name: string
}

const TABLES = {
  exposures: EXPOSURES,
  outcomes: OUTCOMES,
  identities: STORED.identities,
  sessions: STORED.sessions,
  days: STORED.days,
} as const
type Tables = Readonly<Record<keyof typeof TABLES | 'units', string>>

/** A call that was killed leaves its tables; the next one drops those that are older. */
const LEFT_AFTER_S = 3_600
const PREFIX = 'as_of_'
const WRITE = 'SETTINGS async_insert = 0, insert_deduplicate = 0, max_threads = 1'

/**
 * Runs `work` over first exposures and outcomes as a place of the log gives them, whatever landed since. State is a
 * function of the set of events, so a unit that no later event concerns stands as it stood then, and its rows are
 * copied; the others are computed again by the statements of the job, from their events before the place.
 *
 * Order: rows are copied before it is asked which units later events concern. A unit that changes meanwhile is then
 * among them.
 */
export async function asOf<T>(options: AsOfOptions, work: (tables: AsOf) => Promise<T>): Promise<T> {
  const { store, name } = options
  const own = (table: string): string => `${PREFIX}${name}_${table}`
  const tables = Object.fromEntries(
    [...Object.keys(TABLES), 'units'].map((key) => [key, own(key)]),
  ) as unknown as Tables
  try {
    await dropLeft(store)
    for (const [key, table] of Object.entries(TABLES)) await store.exec(`CREATE TABLE ${own(key)} AS ${table}`)
    await store.exec(`CREATE TABLE ${tables.units} (unit_id String) ENGINE = MergeTree ORDER BY unit_id`)
    await copy(options, tables)
    await recompute(options, tables)
    return await work(tables)
  } finally {
    for (const table of Object.values(tables)) await store.exec(`DROP TABLE IF EXISTS ${table} SYNC`)
  }
}

const paramsOf = ({ id, clock, unit, ...experiment }: RegisteredExperiment) => ({
  clock,
  unit,
  experiment: id,
  metrics: metricsOf(experiment).map(metricKey),
})

const MINE = 'clock = {clock:String} AND experiment_id = {experiment:String}'

/** Rows of units that nothing concerned since; the others are listed in `units`. */
async function copy({ store, experiment, cut }: AsOfOptions, tables: Tables): Promise<void> {
  const run = (sql: string): Promise<void> => store.exec({ sql, params: paramsOf(experiment) })
  // Outcomes first: a unit that has one was exposed before.
  await run(
    `INSERT INTO ${tables.outcomes} ${WRITE} SELECT * FROM ${OUTCOMES} FINAL WHERE ${MINE} AND metric IN {metrics:Array(String)}`,
  )
  await run(
    `INSERT INTO ${tables.exposures} ${WRITE} SELECT * FROM ${EXPOSURES} FINAL WHERE ${MINE} AND unit_type = {unit:String}`,
  )
  await run(`INSERT INTO ${tables.units} ${WRITE}
    SELECT unit_id FROM ${tables.exposures} WHERE unit_id IN (${unitsPast(experiment, cut)})`)
  for (const table of [tables.exposures, tables.outcomes])
    await store.exec(
      `ALTER TABLE ${table} DELETE WHERE unit_id IN (SELECT unit_id FROM ${tables.units}) SETTINGS mutations_sync = 1`,
    )
}

async function recompute(
  { store, experiment, cut, sessionsBefore }: AsOfOptions,
  { units, ...tables }: Tables,
): Promise<void> {
  const run = (sql: string): Promise<void> => store.exec({ sql, params: paramsOf(experiment) })
  const chosen = `unit_id IN (SELECT unit_id FROM ${units})`
  const members =
    experiment.unit === 'profile'
      ? `SELECT unit_id FROM ${units}`
      : `SELECT profile_id FROM ${STORED.identities} WHERE clock = {clock:String} AND unit_type = {unit:String} AND ${chosen}`
  await run(before(unitExposure, tables.exposures, cut, `${MINE} AND unit_type = {unit:String} AND ${chosen}`))
  await run(before(profileDay, tables.days, cut, `clock = {clock:String} AND profile IN (${members})`))
  const theirs = `clock = {clock:String} AND profile_id IN (${members})`
  const touched = `clock = {clock:String} AND session_id IN (SELECT session_id FROM ${STORED.sessions} WHERE ${theirs} AND session_id IN (${sessionsPast(cut)}))`
  await run(`INSERT INTO ${tables.sessions} ${WRITE}
    SELECT * FROM ${STORED.sessions} FINAL WHERE ${theirs} AND session_id NOT IN (${sessionsPast(cut)})`)
  await run(
    ownedSessions(
      sessionsBefore(cut, touched),
      `${touched} AND NOT ${pastCut(cut, 'playback.telemetry')}`,
      tables.sessions,
    ),
  )
  if (experiment.unit !== 'profile')
    await run(`INSERT INTO ${tables.identities} ${WRITE} SELECT * FROM (
      ${identitiesOf.sessions(tables.sessions)}
      UNION ALL ${identitiesOf.days(`${tables.days} FINAL`)}
      UNION ALL ${identitiesOf.exposures(`(SELECT * FROM experiment_exposures WHERE ${theirs} AND NOT ${pastCut(cut, 'experiment.exposures')})`)}
    ) WHERE unit_type = {unit:String} AND ${chosen}`)
  await recomputeOutcomes(store, experiment, tables, units)
}

/** State of keys from their events before the cut. */
const before = (domain: TouchedDomain, to: string, cut: Cut, which: string): string =>
  `INSERT INTO ${to} (${[...domain.keys, ...domain.values].map(({ name }) => name).join(', ')}, version) ${WRITE}
    ${recomputeFrom(domain, `${which} AND NOT ${pastCut(cut, domain.topic)}`)}`

async function recomputeOutcomes(
  store: Store,
  experiment: RegisteredExperiment,
  { outcomes: to, ...from }: Sources & Pick<Tables, 'outcomes'>,
  units: string,
): Promise<void> {
  const [counted] = await store.rows<{ rows: number }>(`SELECT toFloat64(count()) AS rows FROM ${units}`)
  await inSlices(counted?.rows ?? 0, MAX_UNITS, (slice) =>
    store.exec(
      storeOutcomes(
        experiment,
        metricsOf(experiment),
        { sql: `unit_id IN (SELECT unit_id FROM ${units} WHERE ${inSlice('unit_id', slice)})` },
        0,
        { from, to },
      ),
    ),
  )
}

async function dropLeft(store: Store): Promise<void> {
  const left = await store.rows<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '${PREFIX}') AND metadata_modification_time < now() - ${LEFT_AFTER_S}`,
  )
  for (const { name } of left) await store.exec(`DROP TABLE IF EXISTS ${name} SYNC`)
}
