import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { allMigrations } from '../../bin/composition.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { seeded, type Random } from '../../platform/random.ts'
import { DAY_MS } from '../../platform/time.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey, type ActionName, type MetricDefinition, type Part } from '../../schemas/experiments/metric.ts'
import { OUTCOMES, REVISIONS } from '../../schemas/experiments/tables.ts'
import { domains, settleOutcomes } from '../../streams/experiments/index.ts'
import { settleSessions } from '../../streams/qoe/index.ts'
import { settle } from '../../streams/touched/index.ts'

/**
 * Units whose events went through the landing tables and the jobs: what experiments that change nothing are drawn from.
 */
export interface Population {
  readonly units: number
  readonly metrics: readonly UnitOutcomes[]
  /** How much a unit does: who does much is there first, where all begin on one day. */
  readonly activity: Float64Array
}

/** A metric of every unit, in the order of the units. */
export interface UnitOutcomes {
  readonly metric: MetricDefinition
  readonly y: Float64Array
  readonly d: Float64Array
  readonly x: Float64Array
  readonly e: Float64Array
  readonly seen: Uint8Array
  /** One session's value, chosen by hash; NaN without one. */
  readonly pick: Float64Array
}

const T = Date.UTC(2026, 0, 20)
const WEEK = { fromMs: 0, toMs: 7 * DAY_MS }
const session = (column: Extract<Part, { from: 'session' }>['column']): Part => ({ from: 'session', column })
const acts = (...actions: ActionName[]): Part => ({ from: 'action', column: 'acts', actions })
const base = { version: 1, name: '', description: '', window: WEEK, better: 'up', unit: '' } as const

/** One of each kind. */
export const METRICS: readonly MetricDefinition[] = [
  { ...base, id: 'proportion', kind: 'proportion', value: acts('play'), window: { fromMs: 0, toMs: DAY_MS } },
  { ...base, id: 'mean', kind: 'mean', value: session('media_ms') },
  {
    ...base,
    id: 'ratio',
    kind: 'ratio',
    value: session('stall_ms'),
    per: session('watched_ms'),
    better: 'down',
    cap: 0.99,
  },
  { ...base, id: 'count', kind: 'count', value: session('plays') },
  { ...base, id: 'quantile', kind: 'quantile', value: session('startup_ms'), levels: [0.5, 0.9], better: 'down' },
  {
    ...base,
    id: 'retention',
    kind: 'retention',
    value: acts('play'),
    window: { fromMs: 6 * DAY_MS, toMs: 7 * DAY_MS },
  },
  { ...base, id: 'funnel', kind: 'funnel', steps: [acts('impression'), acts('click'), acts('play'), acts('finish')] },
]

/**
 * As the world's people are: few do much; one in seven has no past; stalls are rare and long, and worse on some
 * networks.
 */
function eventsOf(unit: number, random: Random): { actions: object[]; sessions: object[]; activity: number } {
  const activity = Math.exp(random.normal() * 0.9 - 0.4)
  const [network, isNew] = [Math.exp(random.normal() * 0.6), random.next() < 1 / 7]
  const profile = `u${unit}`
  const [actions, sessions]: [object[], object[]] = [[], []]
  let told = 0
  const own = (action: string, at: number): object => ({
    event_id: id(unit, told++),
    clock: 'aa',
    event_time: at,
    profile_id: profile,
    action,
    title_id: 't',
  })
  for (let day = isNew ? 0 : -14; day < 7; day++) {
    for (let visits = poisson(activity * 0.35, random); visits > 0; visits--) {
      const at = T + Math.round((day + random.next()) * DAY_MS) + 1
      actions.push(own('impression', at))
      if (random.next() > 0.75) continue
      actions.push(own('click', at + 2_000), own('play', at + 4_000))
      const [watched, stalled] = [
        Math.round(Math.exp(14 + random.normal())),
        random.next() < 0.2 * network ? Math.round(Math.exp(8 + random.normal()) * network) : 0,
      ]
      if (random.next() < 0.4) actions.push(own('finish', at + watched))
      const startup = Math.round(Math.exp(6.6 + random.normal() * 0.6) * network)
      sessions.push({
        event_id: id(unit, 100_000 + sessions.length),
        clock: 'aa',
        event_time: at + watched,
        session_id: `${unit}-${sessions.length}`,
        instance: at,
        segment: 0,
        seq: 1,
        session_start: at,
        segment_start: at,
        state: 'e',
        profile_id: profile,
        startup_ms: startup,
        starting_ms: startup,
        playing_ms: watched,
        media_ms: watched,
        bits_played: watched * 4_000,
        stall_connection_ms: stalled,
        stall_connection_count: Number(stalled > 0),
      })
    }
  }
  return { actions, sessions, activity }
}

const id = (unit: number, n: number): string => `${unit}/${n}`.slice(-16).padStart(16, '0')

function poisson(mean: number, random: Random): number {
  let [count, left] = [0, random.next()]
  for (const floor = Math.exp(-mean); left > floor; count++) left *= random.next()
  return count
}

const CHUNK = 2_000
const RECEIVED = Date.UTC(2090, 0)

export async function makePopulation(
  units: number,
  seed: number,
  progress: (text: string) => void,
): Promise<Population> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-aa-'))
  const store = await openEmbedded({ dataDir: dir, database: 'playloop' })
  try {
    await migrate(store, allMigrations)
    const experiment = {
      id: 'aa',
      clock: 'aa',
      unit: 'profile',
      state: 'running',
      metrics: { primary: METRICS, guardrail: [], secondary: [] },
    } as unknown as RegisteredExperiment
    await store.exec({
      sql: `INSERT INTO ${REVISIONS} (id, revision, body) SELECT 'aa', 0, {body:String}`,
      params: { body: JSON.stringify(experiment) },
    })
    const [activity, random] = [new Float64Array(units), seeded(seed)]
    const offsets = { viewer_actions: 0, playback_telemetry: 0, experiment_exposures: 0 }
    const put = async (table: keyof typeof offsets, rows: readonly object[]): Promise<void> => {
      if (rows.length === 0) return
      const from = offsets[table]
      offsets[table] += rows.length
      await store.exec(
        `INSERT INTO ${table} SETTINGS async_insert = 0, insert_deduplication_token = '${table}-${from}', max_threads = 1 FORMAT JSONEachRow\n${rows.map((row, i) => JSON.stringify({ ...row, received_time: RECEIVED, _partition: 0, _offset: from + i })).join('\n')}`,
      )
    }
    for (let from = 0; from < units; from += CHUNK) {
      const all = Array.from({ length: Math.min(CHUNK, units - from) }, (_, i) =>
        eventsOf(from + i, random.fork(from + i)),
      )
      all.forEach((each, i) => (activity[from + i] = each.activity))
      await put(
        'experiment_exposures',
        all.map((_, i) => ({
          event_id: id(from + i, 200_000),
          clock: 'aa',
          event_time: T,
          unit_type: 'profile',
          unit_id: `u${from + i}`,
          experiment_id: 'aa',
          phase: 0,
          variation: 0,
          in_experiment: true,
          forced: false,
          profile_id: `u${from + i}`,
        })),
      )
      await put(
        'viewer_actions',
        all.flatMap(({ actions }) => actions),
      )
      await put(
        'playback_telemetry',
        all.flatMap(({ sessions }) => sessions),
      )
      progress(`landed the events of ${Math.min(units, from + CHUNK)} units`)
    }
    for (const domain of domains) await settle(store, domain)
    await settleSessions(store, () => Promise.resolve([{ partition: 0, offset: offsets.playback_telemetry }]))
    await settleOutcomes(store)
    progress('counted their outcomes')
    return { units, activity, metrics: await Promise.all(METRICS.map((metric) => read(store, metric, units))) }
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function read(store: Store, metric: MetricDefinition, units: number): Promise<UnitOutcomes> {
  const [y, d, x, e, seen, pick] = [
    new Float64Array(units),
    new Float64Array(units),
    new Float64Array(units),
    new Float64Array(units),
    new Uint8Array(units),
    new Float64Array(units).fill(NaN),
  ]
  const rows = await store.rows<{
    unit: number
    y: number
    d: number
    x: number
    e: number
    seen: number
    pick: number
  }>({
    sql: `SELECT toUInt32(substring(unit_id, 2)) AS unit, toFloat64(value) AS y, toFloat64(per) AS d, toFloat64(before_value) AS x, toFloat64(before_per) AS e, seen_before AS seen, toFloat64(pick) AS pick
      FROM ${OUTCOMES} FINAL WHERE experiment_id = 'aa' AND metric = {metric:String}`,
    params: { metric: metricKey(metric) },
  })
  if (rows.length !== units) throw new Error(`${rows.length} of ${units} units have an outcome of ${metric.id}`)
  for (const row of rows) {
    ;[y[row.unit], d[row.unit], x[row.unit], e[row.unit], seen[row.unit]] = [row.y, row.d, row.x, row.e, row.seen]
    if (row.pick >= 0) pick[row.unit] = row.pick
  }
  if (metric.cap !== undefined) {
    // Frozen from the time before, all units together, as at a start.
    const before = x.filter((_, unit) => seen[unit] === 1).sort()
    const cap = before[Math.ceil(metric.cap * before.length) - 1]!
    for (const values of [y, x]) values.forEach((value, unit) => (values[unit] = Math.min(value, cap)))
  }
  return { metric, y, d, x, e, seen, pick }
}
