/**
 * `playloop bench bounds [--sessions N] [--values N] [--quiet SECONDS] [--job] [--audit] [--unwatched]`: what the store costs while
 * clients invent sessions and values, beside a quiet run: resident memory, CPU, ticks and answers of the live view.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { openLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { landingMigrations } from '../../schemas/landing.ts'
import { auditAggregate } from '../../streams/audit/aggregates.ts'
import { audits } from '../../streams/qoe/audits.ts'
import { startLive, type LiveFrame, type LiveService } from '../../streams/qoe/live/index.ts'
import { migrations } from '../../streams/qoe/migrations.ts'
import { settleSessions } from '../../streams/qoe/session/job.ts'
import { CLOCK, inventSessions, play } from './flood.ts'

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '10000000' },
    values: { type: 'string', default: '100000' },
    follow: { type: 'string', default: '300000' },
    quiet: { type: 'string', default: '60' },
    job: { type: 'boolean', default: false },
    audit: { type: 'boolean', default: false },
    unwatched: { type: 'boolean', default: false },
  },
})
const [SESSIONS, VALUES] = [Number(values.sessions), Number(values.values)]
const PER_INSERT = 100_000

const dataDir = mkdtempSync(join(tmpdir(), 'playloop-bench-'))
const store = await openEmbedded({ dataDir, database: 'playloop' })
await migrate(store, [...landingMigrations('playback.telemetry'), ...migrations])
const live = await startLive({
  store,
  clock: systemClock,
  logger: openLogger('bench'),
  metrics: openMetrics(),
  sessions: Number(values.follow),
})
let landed = [0, 0]
const ends = () => Promise.resolve(landed.map((offset, partition) => ({ partition, offset })))
const honest = play(store)
try {
  if (values.unwatched) await measured('flood', undefined, () => flood(store))
  else await watched(live)
  landed = [SESSIONS, await honest.stop()]
  await live.stop()
  if (values.job || values.audit) await measured('sessions job', undefined, () => job(store))
  if (values.audit) await measured('audit', undefined, () => audit(store))
} finally {
  await honest.stop()
  await live.stop()
  await store.close()
  rmSync(dataDir, { recursive: true, force: true })
}

/** The live view beside a subscriber, before, during and after the flood. */
async function watched(live: LiveService): Promise<void> {
  await systemClock.sleep(3_000)
  const leave = live.subscribe({ clock: CLOCK, minutes: 15, group: 'country_oca' }, { send: () => true, end: () => {} })
  await measured('quiet', live, () => systemClock.sleep(Number(values.quiet) * 1_000))
  await measured('flood', live, () => flood(store))
  await measured('after', live, () => systemClock.sleep(30_000))
  leave()
}

async function flood(store: Store): Promise<void> {
  const begun = Date.now()
  for (let from = 0; from < SESSIONS; from += PER_INSERT) {
    await retried(() => inventSessions(store, from, Math.min(PER_INSERT, SESSIONS - from), VALUES, Date.now()))
    if ((from / PER_INSERT) % 10 === 9) progress(`${from + PER_INSERT} sessions`, begun)
  }
}

/** As the sink does: the same statement again for as long as it takes. */
async function retried(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      process.stderr.write(`again: ${String(error).slice(0, 160)}\n`)
      await systemClock.sleep(500)
    }
  }
}

async function job(store: Store): Promise<void> {
  const begun = Date.now()
  const places = await settleSessions(store, ends)
  report({ places, places_a_second: Math.round((places * 1_000) / (Date.now() - begun)) })
}

async function audit(store: Store): Promise<void> {
  const cut = (await ends()).map(({ partition, offset }) => ({
    topic: 'playback.telemetry',
    partition,
    start: 0,
    end: offset,
  }))
  for (const each of audits) {
    const begun = Date.now()
    const { name, rows, equal, differences } = await auditAggregate(store, each, cut)
    report({ audit: name, rows, equal, seconds: (Date.now() - begun) / 1_000, differences })
  }
}

/** Runs a phase and reports what the process took meanwhile. */
async function measured(phase: string, live: LiveService | undefined, work: () => Promise<void>): Promise<void> {
  const [begun, cpu] = [Date.now(), process.cpuUsage()]
  let [most, late] = [0, 0]
  let at = Date.now()
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
    late = Math.max(late, Date.now() - at - 200)
    at = Date.now()
  }, 200)
  await work()
  clearInterval(sampling)
  const { user, system } = process.cpuUsage(cpu)
  const ms = Date.now() - begun
  report({
    phase,
    seconds: ms / 1_000,
    rss_mb_most: Math.round(most / 1e6),
    heap_mb: Math.round(process.memoryUsage().heapUsed / 1e6),
    cores: Number(((user + system) / 1_000 / ms).toFixed(2)),
    loop_blocked_ms_most: late,
    ...(live && (await answered(live))),
  })
}

async function answered(live: LiveService): Promise<object> {
  const begun = Date.now()
  const frame = await live.frame({ clock: CLOCK, minutes: 30, group: 'country_oca' })
  return {
    visible_ms: live.visible(),
    answer_ms: Date.now() - begun,
    answer_mb: Number((JSON.stringify(frame).length / 1e6).toFixed(2)),
    groups_most: Math.max(0, ...frame.minutes.map(({ groups }) => groups.length)),
    left_out: frame.left_out,
    attempts: attemptsOf(frame),
    honest_de: frame.minutes.at(-2)?.groups.filter(({ country }) => country === 'DE').length,
  }
}

function attemptsOf({ minutes }: LiveFrame): number {
  return minutes.reduce((sum, { total }) => sum + total.attempts, 0)
}

function report(figures: object): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}
function progress(what: string, begun: number): void {
  process.stderr.write(
    `${what}, ${Math.round((Date.now() - begun) / 1_000)} s, ${Math.round(process.memoryUsage().rss / 1e6)} MB\n`,
  )
}
