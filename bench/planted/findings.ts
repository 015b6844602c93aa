import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestApi } from '../../test/api-harness.ts'
import { allMigrations } from '../../bin/composition.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import type { FaultSpec } from '../../producers/simulator/faults.ts'
import type { UnitMetricId } from '../../schemas/metrics/index.ts'
import { domains, settleOutcomes } from '../../streams/experiments/index.ts'
import { settleSessions } from '../../streams/qoe/index.ts'
import { settle } from '../../streams/touched/index.ts'
import { LIVE_FROM, tellWorld } from './world.ts'

const DAY_MS = 86_400_000
const STALLS = 'stalls'
const STARTUP: UnitMetricId = 'startup.unit.quantiles:cta2066'
const STARTUP_MEAN: UnitMetricId = 'startup.unit.mean.cap99:cta2066'
const ATTEMPTS: UnitMetricId = 'attempts.unit:playloop'
const WATCH_TIME: UnitMetricId = 'watch_time.unit.cap999:playloop'
const FINISHES: UnitMetricId = 'finish_rate.unit:playloop'
const CLICKS: UnitMetricId = 'click_through'
const RETENTION: UnitMetricId = 'retention_week_1'
/**
 * As the built-in ratio, but nobody counts for more than nine in ten did before: with less, slices of some hundred
 * units stay too skewed for anything to be said.
 */
const stalls = {
  id: STALLS,
  version: 1,
  name: 'Stalls',
  description: '',
  kind: 'ratio',
  value: { from: 'session', column: 'stall_ms' },
  per: { from: 'session', column: 'watched_ms' },
  cap: 0.9,
  window: { fromMs: 0, toMs: 7 * DAY_MS },
  better: 'down',
  unit: 'share',
}
/** The world draws visits before it plays anything: neither arm moves what is done on pages. */
const UNTOUCHED: readonly string[] = [CLICKS, ATTEMPTS, RETENTION]
const FAST = 'above 4 Mbit/s'
/** The player's own share of a start falls to a tenth: the whole start to 85 of 100. */
const SCENARIO: readonly FaultSpec[] = [
  {
    id: 'faster',
    kind: 'arm-improves-startup',
    experiment: 'startup-prefetch',
    variation: 1,
    startMs: -100 * DAY_MS,
    endMs: DAY_MS,
    startupPermille: 100,
  },
  {
    id: 'starved',
    kind: 'arm-starves-slow-lines',
    experiment: 'artwork-aa',
    variation: 1,
    belowKbps: 4_000,
    throughputPermille: 300,
    startMs: -100 * DAY_MS,
    endMs: DAY_MS,
  },
]

export interface Finding {
  readonly unitsOfStartup: number
  readonly startupFound: boolean
  /** Relative, as estimated. */
  readonly startupEffect: number
  readonly stallsFoundInSlice: boolean
  readonly stallsFoundInWhole: boolean
  /** The band of start-up leaves zero out in the tail of slow units, and nowhere at the median of all. */
  readonly tailShown: boolean
  readonly medianSilent: boolean
  readonly discoveries: number
  readonly falseDiscoveries: number
  readonly nullCells: number
}

interface Cell {
  metric: string
  family: string
  slice: { name: string; value: string } | null
  discovery: boolean
  relative: { effect: number } | null
  units: { control: number; treatment: number }
  absolute: object | null
}
interface Band {
  slice: Cell['slice']
  cells: { level: number; interval: [number | null, number | null] }[]
}

export async function findings(seed: number, sessionsPerDay: number): Promise<Finding> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-planted-'))
  const store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
  try {
    await migrate(store, allMigrations)
    const api = await startTestApi(
      {
        config: { ...readConfig({}), host: '127.0.0.1', port: 0, dataDir: dir },
        clock: systemClock,
        logger: silentLogger,
        metrics: openMetrics(),
      },
      { store },
    )
    try {
      const ask = openAsk(api.url)
      await land(store, seed, sessionsPerDay)
      await ask.post('/metrics', { metric: stalls })
      const base = {
        clock: 'world',
        unit: 'profile',
        variations: [{ key: 'a' }, { key: 'b' }],
        slices: ['bitrate_before', 'device'],
        plannedUnits: 2 * sessionsPerDay,
      }
      await ask.post('', {
        ...base,
        id: 'startup-prefetch',
        name: 'faster',
        metrics: {
          primary: [STARTUP_MEAN, CLICKS],
          secondary: [STALLS, ATTEMPTS, RETENTION, WATCH_TIME, FINISHES, STARTUP],
        },
      })
      await ask.post('', {
        ...base,
        id: 'artwork-aa',
        name: 'starved',
        metrics: {
          primary: [STALLS, CLICKS],
          secondary: [ATTEMPTS, RETENTION, WATCH_TIME, FINISHES, STARTUP],
        },
      })
      for (const id of ['startup-prefetch', 'artwork-aa']) await ask.post(`/${id}/start`, {})
      await settleOutcomes(store)
      return await read(ask)
    } finally {
      await api.stop()
    }
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Ask {
  get<T>(path: string): Promise<T>
  post(path: string, body: object): Promise<void>
}

function openAsk(api: string): Ask {
  const call = async (path: string, init: RequestInit): Promise<unknown> => {
    const response = await fetch(`${api}/v1/experiments${path}`, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 400)}`)
    return JSON.parse(text) as unknown
  }
  return {
    get: <T>(path: string) => call(path, {}) as Promise<T>,
    post: async (path, body) =>
      void (await call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ by: 'bench', ...body }),
      })),
  }
}

/** Expires on no day on which this is run. */
const RECEIVED = Date.UTC(2090, 0)

async function land(store: Store, seed: number, sessionsPerDay: number): Promise<void> {
  const offsets = { playback_telemetry: 0, viewer_actions: 0, experiment_exposures: 0 }
  const put = async (table: keyof typeof offsets, rows: readonly object[]): Promise<void> => {
    for (let at = 0; at < rows.length; at += 5_000) {
      const part = rows.slice(at, at + 5_000)
      const from = offsets[table]
      offsets[table] += part.length
      await store.exec(`INSERT INTO ${table} SETTINGS async_insert = 0, insert_deduplication_token = '${table}-${from}', max_threads = 1, input_format_skip_unknown_fields = 1 FORMAT JSONEachRow
${part.map((row, i) => JSON.stringify({ ...row, event_id: idOf(table, from + i), received_time: RECEIVED, _partition: 0, _offset: from + i })).join('\n')}`)
    }
  }
  for (const { telemetry, actions, exposures } of tellWorld(seed, SCENARIO, sessionsPerDay)) {
    await put('experiment_exposures', exposures)
    await put('viewer_actions', actions)
    await put('playback_telemetry', telemetry)
  }
  for (const domain of domains) await settle(store, domain)
  await settleSessions(store, () => Promise.resolve([{ partition: 0, offset: offsets.playback_telemetry }]))
  await settleOutcomes(store)
}

const idOf = (table: string, n: number): string => `${table[0]!}${n}`.padStart(16, '0')

/** What the engine says, beside what is true of this world. */
async function read(ask: Ask): Promise<Finding> {
  const query = `as_of=${LIVE_FROM}&slice=bitrate_before&slice=device`
  const faster = (await ask.get<{ cells: Cell[] }>(`/startup-prefetch/scorecard?${query}`)).cells
  const starved = (await ask.get<{ cells: Cell[] }>(`/artwork-aa/scorecard?${query}`)).cells
  const startup = faster.find(({ metric, slice }) => metric === STARTUP_MEAN && slice === null)!
  const isSlow = ({ slice }: Pick<Cell, 'slice'>): boolean =>
    slice?.name === 'bitrate_before' && slice.value !== FAST && slice.value !== 'unknown'
  // Whatever a shorter start-up or a slower line may truly move is no false discovery.
  const isNull = ({ metric, slice }: Cell): boolean =>
    UNTOUCHED.includes(metric) || (metric === STALLS && slice?.value === FAST)
  const nulls = [...faster.filter(({ metric }) => UNTOUCHED.includes(metric)), ...starved.filter(isNull)]
  const bands = async (slice: string): Promise<Band[]> =>
    (await ask.get<{ comparisons: Band[] }>(`/artwork-aa/quantiles?as_of=${LIVE_FROM}&metric=${STARTUP}${slice}`))
      .comparisons
  const leavesOut = (band: Band | undefined, from: number, to: number): boolean =>
    band?.cells.some(
      ({ level, interval: [low, high] }) => level >= from && level <= to && ((low ?? -1) > 0 || (high ?? 1) < 0),
    ) === true
  const [whole, slow] = [(await bands(''))[0], (await bands('&slice=bitrate_before')).filter((band) => isSlow(band))]
  return {
    unitsOfStartup: startup.units.control + startup.units.treatment,
    startupFound: startup.discovery && (startup.relative?.effect ?? 0) < 0,
    startupEffect: startup.relative?.effect ?? 0,
    stallsFoundInSlice: starved.some(
      (cell) => cell.metric === STALLS && isSlow(cell) && cell.discovery && (cell.relative?.effect ?? 0) > 0,
    ),
    stallsFoundInWhole: starved.some(
      ({ metric, slice, discovery }) => metric === STALLS && slice === null && discovery,
    ),
    tailShown: leavesOut(whole, 0.9, 1) || slow.some((band) => leavesOut(band, 0.75, 1)),
    medianSilent: !leavesOut(whole, 0.5, 0.5),
    discoveries: [...faster, ...starved].filter(({ discovery }) => discovery).length,
    falseDiscoveries: nulls.filter(({ discovery }) => discovery).length,
    nullCells: nulls.filter(({ absolute }) => absolute !== null).length,
  }
}
