/**
 * `playloop bench qoe [--rows N] [--runs N]`: forty questions about the history of N rows of telemetry (10 million
 * unless
 * told), each asked several times in turn: p50, p95 and greatest of the answers' times, and of the CPU they took, which
 * a busy machine changes less.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { segmentTable } from '../../streams/qoe/session/ddl.ts'
import { progressTable, touchedTable } from '../../streams/qoe/session/job-queries.ts'
import { reduceStep } from '../../streams/qoe/session/job.ts'
import { sessionTable } from '../../streams/qoe/session/row.ts'
import { CLOCK, DAY_MS, DAYS, fillActions, fillRaw, fillSegments, RECORDS_A_SESSION } from './fill.ts'
import { historyQueries } from './queries.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '10000000' }, runs: { type: 'string', default: '3' } },
})
const sessions = Math.floor(Number(values.rows) / RECORDS_A_SESSION)
const dataDir = mkdtempSync(join(tmpdir(), 'playloop-bench-'))
const store = await openEmbedded({ dataDir, database: 'playloop' })
try {
  const end = Math.floor(Date.now() / DAY_MS) * DAY_MS
  await fill(store, end - DAYS * DAY_MS)
  const [one] = await store.rows<{ session: string }>(
    `SELECT session_id AS session FROM qoe_segment_v1 WHERE clock = '${CLOCK}' LIMIT 1 OFFSET 1000`,
  )
  report(await measure(store, historyQueries(end, one?.session ?? '')))
} finally {
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
}

/**
 * Tables without their views: what those make of telemetry is filled in as it would stand, and sessions by the job's
 * own first step.
 */
async function fill(into: Store, start: number): Promise<void> {
  await migrate(
    into,
    (['playback.telemetry', 'viewer.actions', 'delivery.decisions', 'delivery.requests'] as const).flatMap((topic) =>
      landingMigrations(topic),
    ),
  )
  for (const table of [segmentTable, sessionTable, progressTable, touchedTable]) await into.exec(table)
  const rows = sessions * RECORDS_A_SESSION
  const fillRows = (store: Store): Promise<unknown> =>
    reduceStep(store, () => Promise.resolve([{ partition: 0, offset: rows }]))
  for (const [what, step] of [
    ['actions', fillActions],
    ['segments', fillSegments],
    ['rows', fillRows],
    ['telemetry', fillRaw],
  ] as const) {
    const from = performance.now()
    await step(into, start, sessions)
    process.stderr.write(
      `filled ${what} of ${sessions} sessions in ${((performance.now() - from) / 1_000).toFixed(1)} s\n`,
    )
  }
}

interface Timed {
  readonly name: string
  readonly wide: boolean
  /** Median of the runs, ms. */
  readonly ms: number
  /** CPU of the process, median, ms. */
  readonly cpuMs: number
  readonly rows: number
}

async function measure(from: Store, queries: ReturnType<typeof historyQueries>): Promise<Timed[]> {
  const times = queries.map((): number[] => [])
  const cpu = queries.map((): number[] => [])
  const rows = queries.map(() => 0)
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [i, { query, name }] of queries.entries()) {
      const [begun, used] = [performance.now(), process.cpuUsage()]
      rows[i] = (await from.rows(query)).length
      times[i]!.push(performance.now() - begun)
      const { user, system } = process.cpuUsage(used)
      cpu[i]!.push((user + system) / 1_000)
      process.stderr.write(
        `run ${run + 1}: ${name}, ${Math.round(times[i]!.at(-1)!)} ms, ${Math.round(cpu[i]!.at(-1)!)} ms CPU\n`,
      )
    }
  }
  return queries.map(({ name, wide }, i) => ({
    name,
    wide,
    ms: at(times[i]!, 0.5),
    cpuMs: at(cpu[i]!, 0.5),
    rows: rows[i]!,
  }))
}

function report(timed: readonly Timed[]): void {
  for (const { name, ms, cpuMs, rows } of timed.toSorted((a, b) => b.ms - a.ms)) {
    process.stderr.write(
      `${Math.round(ms).toString().padStart(6)} ms ${Math.round(cpuMs).toString().padStart(6)} ms CPU ${String(rows).padStart(5)} rows  ${name}\n`,
    )
  }
  const figures = (of: (each: Timed) => number): Record<string, number> => {
    const part = (wide: boolean): number[] => timed.filter((each) => each.wide === wide).map(of)
    return {
      p50: Math.round(at(part(false), 0.5)),
      p95: Math.round(at(part(false), 0.95)),
      max: Math.round(at(part(false), 1)),
      widest: Math.round(at(part(true), 1)),
    }
  }
  process.stdout.write(
    `${JSON.stringify({
      bench: 'qoe',
      rows: sessions * RECORDS_A_SESSION,
      sessions,
      queries: timed.length,
      answered: timed.filter(({ rows }) => rows > 0).length,
      ms: figures(({ ms }) => ms),
      cpuMs: figures(({ cpuMs }) => cpuMs),
    })}\n`,
  )
}

function at(figures: readonly number[], p: number): number {
  return figures.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(p * figures.length) - 1)] ?? Number.NaN
}
