/**
 * Scorecards from stored outcomes: a million units and twenty metrics with CUPED, merged and while parts come in, whole
 * and by slices; and what it costs to find first exposures among ten million.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scorecardOf, sumsQueries, type SumsRow } from '../../models/experiments/index.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import type { RegisteredExperiment, Slice } from '../../schemas/experiments/experiment.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { unitExposure } from '../../streams/experiments/index.ts'
import { outcomeTable } from '../../streams/experiments/outcome.ts'
import {
  domainBlocks,
  domainMigration,
  migrations as touched,
  recomputeStep,
  type Memory,
} from '../../streams/touched/index.ts'

const PARTS = 35
const CHUNK = 50_000
/** What the job of outcomes takes at most, and a quarter of it: more statements and smaller parts. */
const UNITS_AT_ONCE = [5_000, 20_000]
const METRICS: readonly MetricDefinition[] = Array.from({ length: 20 }, (_, n) => ({
  id: `m${n}`,
  version: 1,
  name: '',
  description: '',
  kind: n % 4 === 0 ? 'ratio' : n % 4 === 1 ? 'proportion' : 'mean',
  value: { from: 'session', column: 'media_ms' },
  ...(n % 4 === 0 && { per: { from: 'session', column: 'plays' } }),
  window: { fromMs: 0, toMs: 1_000 },
  better: 'up',
  unit: 'ms',
}))
const experiment: RegisteredExperiment = {
  id: 'x',
  name: 'x',
  hypothesis: '',
  clock: 'live',
  unit: 'profile',
  state: 'running',
  killed: false,
  variations: [
    { key: 'a', name: 'a', weight: 0.5 },
    { key: 'b', name: 'b', weight: 0.5 },
  ],
  bucketing: { hashAttribute: 'id', hashVersion: 2, seed: 'x', coverage: 1 },
  phases: [{ phase: 0, from: 0, weights: [0.5, 0.5] }],
  metrics: { primary: METRICS.slice(0, 2), guardrail: [], secondary: METRICS.slice(2) },
  slices: [],
  plannedUnits: 1_000_000,
  alpha: 0.05,
  endsAt: null,
  caps: {},
  startedAt: 0,
  stoppedAt: null,
  revision: 1,
  action: 'start',
  by: '',
  at: 0,
}

const row = (
  units: string,
): string => `SELECT 'live', 'x', metric, toString(n), 0, 0, cityHash64(n) % 2, n, n + 1000, n % 5 > 0, ['DE','FR','US','BR'][n % 4 + 1], ['tv','phone'][n % 2 + 1], 64512, '9.4.0', n % 6000,
  toInt64(cityHash64(n, metric) % 900000), if(m % 4 = 0, toInt64(cityHash64(n) % 9 + 1), 1), toInt64(cityHash64(n) % 900000), if(m % 4 = 0, toInt64(cityHash64(n) % 7 + 1), 1), 5, [], [], -1, toUInt64(VERSION)
  FROM (SELECT number % 20 AS m, concat('m', toString(m), '@1') AS metric, intDiv(number, 20) AS n FROM ${units})`

const timed = async (work: () => Promise<unknown>, runs = 3): Promise<number> => {
  const all: number[] = []
  for (let run = 0; run < runs; run++) {
    const from = performance.now()
    await work()
    all.push(performance.now() - from)
  }
  return Math.round(all.sort((a, b) => a - b)[all.length >> 1]!)
}

export async function units(count: number, tell: (text: string) => void): Promise<object> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-bench-units-'))
  const store = await openEmbedded({ dataDir: dir, database: 'playloop' })
  try {
    await store.exec(outcomeTable)
    const put = (from: number, rows: number, version: number): Promise<void> =>
      store.exec(`INSERT INTO unit_outcome_v1 SETTINGS max_insert_threads = 1, max_threads = 1, max_block_size = 32768, min_insert_block_size_rows = 262144, min_insert_block_size_bytes = 67108864
      ${row(`(SELECT number + ${from} AS number FROM numbers(${rows}))`).replace('VERSION', String(version))}`)
    await put(0, 20 * count, 1)
    await store.exec('OPTIMIZE TABLE unit_outcome_v1 FINAL')
    tell(`stored ${20 * count} outcomes`)
    const merged = await measured(store)
    tell(`merged: ${JSON.stringify(merged)}`)
    const ingest: object[] = []
    for (const unitsAtOnce of UNITS_AT_ONCE) {
      ingest.push(await duringIngest(store, count, unitsAtOnce))
      tell(`during ingest: ${JSON.stringify(ingest.at(-1))}`)
    }
    await store.exec('SYSTEM STOP MERGES unit_outcome_v1')
    for (let part = 0; part < PARTS; part++)
      await put(Math.floor((20 * count * part) / PARTS), Math.floor((20 * count) / PARTS), 2)
    const parts = await partsOf(store)
    tell(`${parts} parts that replace all of it, not merged`)
    return { units: count, metrics: METRICS.length, merged, ingest, unmerged: { parts, ...(await measured(store)) } }
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function partsOf(store: Store): Promise<number> {
  const [row] = await store.rows<{ parts: number }>(
    "SELECT toFloat64(count()) AS parts FROM system.parts WHERE table = 'unit_outcome_v1' AND active",
  )
  return row?.parts ?? 0
}

/**
 * While the outcomes of other units are replaced as fast as the job does it: so many units a statement, and a rest as
 * long as it took.
 */
async function duringIngest(store: Store, count: number, unitsAtOnce: number): Promise<object> {
  const ended = new AbortController()
  let [statements, most] = [0, 0]
  const writing = (async () => {
    while (!ended.signal.aborted) {
      const from = performance.now()
      await store.exec(`INSERT INTO unit_outcome_v1 SETTINGS max_threads = 1, os_threads_nice_value_query = 19
        ${row(`(SELECT 20 * (cityHash64(intDiv(number, 20), ${statements}) % ${count}) + number % 20 AS number FROM numbers(${20 * unitsAtOnce}))`).replace('VERSION', String(2 + statements))}`)
      statements++
      most = Math.max(most, await partsOf(store))
      await new Promise((resolve) => setTimeout(resolve, performance.now() - from))
    }
  })()
  try {
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const seen = await measured(store)
    return { ...seen, statements, units_a_statement: unitsAtOnce, most_parts: most }
  } finally {
    ended.abort()
    await writing
  }
}

async function measured(store: Store): Promise<object> {
  const now = 4_102_444_800_000
  const card = async (by?: Slice): Promise<void> => {
    const rows = (
      await Promise.all(
        sumsQueries({ experiment, metrics: METRICS, now, ...(by && { by }) }).map((query) =>
          store.rows<SumsRow>(query),
        ),
      )
    ).flat()
    const cells =
      by === undefined
        ? scorecardOf(experiment, [{ slice: null, rows }], now).cells
        : [...Map.groupBy(rows, ({ value }) => value)].flatMap(
            ([value, own]) =>
              scorecardOf(experiment, [{ slice: { name: by, value, adHoc: true }, rows: own }], now).cells,
          )
    if (!cells.some(({ absolute }) => absolute !== null)) throw new Error('nothing was said')
  }
  return { whole_ms: await timed(() => card()), by_country_ms: await timed(() => card('country')) }
}

/**
 * First exposures: rows a second and core from the index to the state, with `known` units there: exposures of units
 * that were exposed before, and of new ones. The memory of what is known, and the process's.
 */
export async function firstExposures(known: number, fresh: number, tell: (text: string) => void): Promise<object> {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-bench-first-'))
  const store = await openEmbedded({ dataDir: dir, database: 'playloop' })
  try {
    await migrate(store, [
      ...landingMigrations('experiment.exposures'),
      ...touched,
      domainMigration(unitExposure),
      domainBlocks(unitExposure),
    ])
    for (let from = 0; from < known; from += 1_000_000)
      await store.exec(
        `INSERT INTO unit_exposure_v2 SELECT 'live', 'x', 'profile', concat('unit-', toString(number)), number, 0, number % 2, 0, 1, '', '', 0, '', 1 FROM numbers(${from}, ${Math.min(1_000_000, known - from)})`,
      )
    await store.exec('OPTIMIZE TABLE unit_exposure_v2 FINAL')
    tell(`${known} units are known`)
    const memory: Memory = {}
    let offset = 0
    const land = async (rows: number, unit: string): Promise<void> => {
      await store.exec(`INSERT INTO experiment_exposures (event_id, clock, event_time, received_time, unit_type, unit_id, experiment_id, phase, variation, profile_id, _partition, _offset) SETTINGS async_insert = 0, insert_deduplication_token = 'x-${offset}', max_threads = 1
        SELECT unhex(leftPad(hex(number), 32, '0')), 'live', toDateTime64(1790000000, 3), toDateTime64(3790000000, 3), 'profile', concat('unit-', toString(unit)), 'x', 0, unit % 2, '', 0, number FROM (SELECT number + ${offset} AS number, ${unit} AS unit FROM numbers(${rows}))`)
      offset += rows
      await store.rows('SELECT sleep(0.02)')
    }
    const cpuOf = async (work: () => Promise<number>): Promise<{ rows: number; seconds: number }> => {
      const before = process.cpuUsage()
      const rows = await work()
      const { user, system } = process.cpuUsage(before)
      return { rows, seconds: (user + system) / 1e6 }
    }
    const steps = async (unit: string): Promise<{ checked: number; landed_and_checked: number }> => {
      const all = { rows: 0, landing: 0, checking: 0 }
      for (let from = 0; from < fresh; from += CHUNK) {
        const landing = await cpuOf(async () => (await land(CHUNK, unit), CHUNK))
        const { rows, seconds } = await cpuOf(
          async () => (await recomputeStep(store, unitExposure, undefined, memory)).marks,
        )
        all.rows += rows
        all.landing += landing.seconds
        all.checking += seconds
      }
      return {
        checked: Math.round(all.rows / all.checking),
        landed_and_checked: Math.round(all.rows / (all.landing + all.checking)),
      }
    }
    await land(CHUNK, `number % ${known}`)
    const start = await cpuOf(async () => (await recomputeStep(store, unitExposure, undefined, memory)).marks)
    tell(`read what is known in ${start.seconds.toFixed(1)} s of CPU`)
    const again = await steps(`cityHash64(number) % ${known}`)
    const anew = await steps(`number + ${known}`)
    return {
      known: memory.known?.size,
      repeated_per_second_and_core: again,
      new_per_second_and_core: anew,
      start_cpu_s: Number(start.seconds.toFixed(1)),
      known_mb: Math.round((memory.known?.bytes ?? 0) / 2 ** 20),
      rss_mb: Math.round(process.memoryUsage().rss / 2 ** 20),
    }
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}
