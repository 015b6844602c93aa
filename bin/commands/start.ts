import { readConfig, type Config } from '../../platform/config.ts'
import { systemClock } from '../../platform/clock.ts'
import { isFree } from '../../platform/kafka/local/ports.ts'
import { startSupervisor, type Supervisor } from '../../platform/process/supervisor.ts'
import { duration, isDuration, wholeNumber, type Arguments, type Command } from '../cli.ts'
import { fail } from '../errors.ts'
import { lockData } from '../lock-data.ts'
import { WORLD_FLAGS } from '../roles/world.ts'
import { processes } from '../start/processes.ts'
import { openProgress, type Progress } from '../start/progress.ts'
import { onStopRequest } from '../start/signals.ts'
import { numberIn, summarize, type Summary } from '../start/summary.ts'

// After the world has ended, what is under way is landed within seconds; a store that was killed just then needs longer.
const SETTLE_LIMIT_MS = 60_000
const AUDIT_LIMIT_MS = 300_000

export const command: Command = {
  summary: 'the whole loop on this machine, with the simulated world',
  usage: '[--for 60s] [--speed N] [--seed N] [--port N] [--data DIR] [--json]',
  flags: {
    for: { type: 'string', hint: 'TIME', doc: 'ends by itself after 60s, 5m, 1h; the last line is a summary as JSON, and the exit code is 0 only if the audit holds', check: isDuration },
    ...WORLD_FLAGS,
    port: { type: 'string', hint: 'N', doc: 'port of the pages and the API (8080); 0 takes any free one', check: wholeNumber(0, 65_535) },
    'collector-port': { type: 'string', hint: 'N', doc: 'port of the collector (8081); 0 takes any free one', check: wholeNumber(0, 65_535) },
    data: { type: 'string', hint: 'DIR', doc: 'data folder (.playloop)' },
    json: { type: 'boolean', doc: 'nothing but the summary' },
  },
  async run(args) {
    const config = readConfig(overlay(args))
    const unlock = lockData(config.dataDir)
    try {
      await checkPorts(config)
      return await supervise(config, args)
    } finally {
      unlock()
    }
  },
}

function overlay(args: Arguments): NodeJS.ProcessEnv {
  const set = { PORT: args.text('port'), PLAYLOOP_COLLECTOR_PORT: args.text('collector-port'), PLAYLOOP_DATA: args.text('data') }
  return { ...process.env, ...Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) }
}

async function checkPorts({ host, port, collectorPort }: Config): Promise<void> {
  const ports = [
    { port, what: 'the pages and the API', how: '--port N (or PORT)' },
    { port: collectorPort, what: 'the collector', how: '--collector-port N (or PLAYLOOP_COLLECTOR_PORT)' },
  ]
  for (const each of ports) if (each.port !== 0 && !(await isFree(each.port, host))) throw fail('CLI_PORT_IN_USE', each)
}

async function supervise(config: Config, args: Arguments): Promise<number> {
  const progress = openProgress(process.stderr, args.on('json'))
  const world = Object.fromEntries(Object.keys(WORLD_FLAGS).map((flag) => [flag, args.text(flag)]))
  const specs = processes(config, { world, env: process.env })
  // Rows of a store count from its start: those of one that died are kept here.
  const rows = { earlier: 0 }
  const supervisor: Supervisor = startSupervisor(specs, {
    clock: systemClock,
    changed(change) {
      if (change.name === 'store' && change.phase === 'resting') rows.earlier += numberIn(supervisor.stats('store'), 'rows')
      progress.process(change)
    },
  })
  const stop = onStopRequest()
  const stopped = stop.asked.then(() => 'asked' as const)
  try {
    if ((await Promise.race([supervisor.ready, stopped])) === 'asked') return await end(supervisor, progress)
    progress.say(`\n  look: ${supervisor.info('store')['url']}/\n  send: ${supervisor.info('collector')['url']}/v1/events/TOPIC\n`)
    return await attend(supervisor, progress, stopped, duration(args.text('for') ?? ''), rows)
  } finally {
    stop.release()
    progress.end()
  }
}

/** Shows how it goes until the time is up, somebody asks for an end, or something fails for good. */
async function attend(supervisor: Supervisor, progress: Progress, stopped: Promise<'asked'>, limitMs: number | undefined, rows: { earlier: number }): Promise<number> {
  const started = systemClock.now()
  const stored = (): number => rows.earlier + numberIn(supervisor.stats('store'), 'rows')
  let before = { at: started, stored: stored() }
  const showing = setInterval(() => {
    const now = { at: systemClock.now(), stored: stored() }
    progress.figures({
      seconds: (now.at - started) / 1_000, produced: numberIn(supervisor.stats('world'), 'produced'), stored: now.stored,
      lag: numberIn(supervisor.stats('store'), 'lag'), rowsPerSecond: Math.max(0, (now.stored - before.stored) / Math.max(0.001, (now.at - before.at) / 1_000)),
    })
    before = now
  }, 1_000)
  try {
    const timeUp = limitMs === undefined ? new Promise<never>(() => undefined) : systemClock.sleep(limitMs).then(() => 'time' as const)
    const why = await Promise.race([timeUp, stopped, supervisor.done.then(() => 'done' as const)])
    if (why === 'asked' && limitMs === undefined) return await end(supervisor, progress)
    if (why !== 'time') {
      await end(supervisor, progress)
      return 130
    }
    const summary = await settle(supervisor, progress, (systemClock.now() - started) / 1_000, rows)
    clearInterval(showing)
    progress.end()
    console.log(JSON.stringify(summary))
    return summary.holds ? 0 : 1
  } finally {
    clearInterval(showing)
  }
}

async function end(supervisor: Supervisor, progress: Progress): Promise<number> {
  progress.say('stopping: what was taken is written out first')
  await supervisor.stop()
  return 0
}

/** World ends → everything under way lands → audit → all end. */
async function settle(supervisor: Supervisor, progress: Progress, seconds: number, rows: { earlier: number }): Promise<Summary> {
  progress.say('the time is up: landing what is under way')
  await supervisor.finish('world')
  const lag = await landed(supervisor)
  progress.say('auditing')
  const audit = await supervisor.ask('store', 'audit', AUDIT_LIMIT_MS).catch((error: unknown) => ({ holds: false, error: String(error) }))
  const restarts = supervisor.restarts()
  await supervisor.stop()
  return summarize({ seconds, world: supervisor.stats('world'), store: supervisor.stats('store'), earlierRows: rows.earlier, lag, restarts, audit })
}

/** Waits until nothing in the log is ahead of what is committed; what is left when patience ends. */
async function landed(supervisor: Supervisor): Promise<number> {
  const deadline = systemClock.now() + SETTLE_LIMIT_MS
  for (;;) {
    const lag = await supervisor.ask('store', 'lag', 10_000).then(Number, () => Number.NaN)
    if (lag === 0 || systemClock.now() > deadline) return Number.isNaN(lag) ? -1 : lag
    await systemClock.sleep(200)
  }
}
