import { duration, isDuration, wholeNumber } from '../../platform/cli/checks.ts'
import { DATA_FLAG, type Arguments, type Flags } from '../../platform/cli/flags.ts'
import type { Command, Module } from '../../platform/module.ts'
import { readConfig, type Config } from '../../platform/config.ts'
import { monotonicClock } from '../../platform/clock.ts'
import { lockData } from '../../platform/process/lock-data.ts'
import type { Json, Stats } from '../../platform/process/protocol.ts'
import { startSupervisor, type Supervisor } from '../../platform/process/supervisor.ts'
import type { Listening, Role } from '../../platform/role.ts'
import { settingsOf } from '../composition.ts'
import { checkFiles, checkMachine } from '../preflight.ts'
import { rolesOf } from '../roles/index.ts'
import { processes } from '../start/processes.ts'
import { openProgress, type Progress } from '../start/progress.ts'
import { onStopRequest } from '../start/signals.ts'
import { numberIn, openTotals, summarize, type Summary } from '../start/summary.ts'

// After the world has ended, pending records land within seconds; a store that was killed just then needs longer.
const SETTLE_LIMIT_MS = 60_000
const AUDIT_LIMIT_MS = 300_000
const INTERRUPTED = 130

type Roles = Readonly<Record<string, Role>>

export const startCommand = (modules: readonly Module[]): Command => {
  const roles = localRoles(rolesOf(modules))
  const listening = Object.values(roles).flatMap(({ listens }) => listens ?? [])
  return {
    summary: 'the whole loop on this machine, with the simulated world',
    usage: '[--for 60s] [--speed N] [--seed N] [--port N] [--data DIR] [--json]',
    flags: {
      for: {
        type: 'string',
        hint: 'TIME',
        doc: 'ends by itself after 60s, 5m, 1h; the last line is a summary as JSON, and the exit code is 0 only if the audit holds',
        check: isDuration,
      },
      ...flagsOf(roles),
      ...Object.fromEntries(listening.map((each) => [each.flag, portFlag(each)])),
      data: DATA_FLAG,
      json: { type: 'boolean', doc: 'nothing but the summary' },
    },
    async run(args) {
      const env = overlay(args, listening)
      const config = readConfig(env, settingsOf(modules))
      await checkFiles(config, modules)
      const unlock = lockData(config.dataDir)
      try {
        await checkMachine(config, listening)
        return await supervise(config, roles, args, env)
      } finally {
        unlock()
      }
    },
  }
}

/** Roles that run in `playloop start` on one machine. */
const localRoles = (roles: Roles): Roles =>
  Object.fromEntries(Object.entries(roles).filter(([, { local }]) => local !== undefined))

/** Flags of the roles that `start` passes on. */
const flagsOf = (roles: Roles): Flags =>
  Object.assign({}, ...Object.values(roles).map(({ local }) => local?.flags ?? {})) as Flags

const portFlag = ({ variable, what }: Listening) =>
  ({
    type: 'string',
    hint: 'N',
    doc: `port of ${what} (${variable.fallback}); 0 takes any free one`,
    check: wholeNumber(0, 65_535),
  }) as const

function overlay(args: Arguments, listening: readonly Listening[]): NodeJS.ProcessEnv {
  const set = [
    ...listening.map(({ variable, flag }) => [variable.name, args.text(flag)]),
    ['PLAYLOOP_DATA', args.text('data')],
  ]
  return {
    ...process.env,
    ...(Object.fromEntries(set.filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv),
  }
}

/** State of a run that its functions share. */
interface Run {
  readonly supervisor: Supervisor
  readonly progress: Progress
  /** Last figures of a process, including those of its runs before a restart. */
  readonly figures: (name: string) => Stats
  readonly stopped: Promise<'asked'>
  readonly limitMs: number | undefined
}

async function supervise(config: Config, roles: Roles, args: Arguments, env: NodeJS.ProcessEnv): Promise<number> {
  const progress = openProgress(process.stderr, args.on('json'))
  const flags = Object.fromEntries(Object.keys(flagsOf(roles)).map((flag) => [flag, args.text(flag)]))
  const totals = openTotals()
  const supervisor: Supervisor = startSupervisor(processes(config, roles, { flags, env }), {
    clock: monotonicClock,
    changed(change) {
      if (change.phase === 'starting' && change.again === true)
        totals.restarted(change.name, supervisor.stats(change.name))
      progress.process(change)
    },
  })
  const stop = onStopRequest(() => void supervisor.kill().finally(() => process.exit(INTERRUPTED)))
  const stopped = stop.asked.then(() => 'asked' as const)
  try {
    if ((await Promise.race([supervisor.ready, stopped])) === 'asked') return await end(supervisor, progress)
    progress.say(
      `\n  look: ${supervisor.info('store')['url']}/\n  send: ${supervisor.info('collector')['url']}/v1/events/TOPIC\n`,
    )
    const figures = (name: string): Stats => totals.of(name, supervisor.stats(name))
    return await attend({ supervisor, progress, stopped, figures, limitMs: duration(args.text('for') ?? '') })
  } finally {
    stop.release()
    progress.end()
  }
}

/** Shows progress until the time is up, a stop is requested, or something fails permanently. */
async function attend(run: Run): Promise<number> {
  const { supervisor, progress, stopped, figures, limitMs } = run
  const before = limitMs === undefined ? {} : await position(supervisor)
  const started = monotonicClock.now()
  const hide = show(run, started)
  try {
    const timeUp =
      limitMs === undefined
        ? new Promise<never>(() => undefined)
        : monotonicClock.sleep(limitMs).then(() => 'time' as const)
    const why = await Promise.race([timeUp, stopped, supervisor.done.then(() => 'done' as const)])
    hide()
    if (why !== 'time') {
      await end(supervisor, progress)
      return limitMs === undefined ? 0 : INTERRUPTED
    }
    const summary = await settle(
      run,
      before,
      (monotonicClock.now() - started) / 1_000,
      figures('store')['event_to_visible_ms'] ?? null,
    )
    progress.end()
    console.log(JSON.stringify(summary))
    return summary.holds ? 0 : 1
  } finally {
    hide()
  }
}

/** Shows the figures every second; returns a function that stops this. */
function show({ progress, figures }: Run, started: number): () => void {
  let last = { at: started, stored: numberIn(figures('store'), 'rows') }
  const showing = setInterval(() => {
    const now = { at: monotonicClock.now(), stored: numberIn(figures('store'), 'rows') }
    const seconds = Math.max(0.001, (now.at - last.at) / 1_000)
    progress.figures({
      seconds: (now.at - started) / 1_000,
      produced: numberIn(figures('world'), 'produced'),
      stored: now.stored,
      lag: numberIn(figures('store'), 'lag'),
      rowsPerSecond: Math.max(0, (now.stored - last.stored) / seconds),
    })
    last = now
  }, 1_000)
  return () => clearInterval(showing)
}

async function end(supervisor: Supervisor, progress: Progress): Promise<number> {
  progress.say('stopping: what was taken is written out first')
  await supervisor.stop()
  return 0
}

/**
 * Ends the run: the world ends → pending records land → audit → all processes end. `visible` was measured before,
 * because the load of all sessions ending at once would distort it.
 */
async function settle(
  { supervisor, progress, figures }: Run,
  before: Stats,
  seconds: number,
  visible: Json,
): Promise<Summary> {
  progress.say('the time is up: landing what is under way')
  await supervisor.finish('world')
  const after = await landed(supervisor)
  progress.say('auditing')
  const audit = await supervisor
    .ask('store', 'audit', AUDIT_LIMIT_MS)
    .catch((error: unknown) => ({ ok: false, error: String(error) }))
  const restarts = supervisor.restarts()
  await supervisor.stop()
  return summarize({ seconds, world: figures('world'), visible, before, after, restarts, audit })
}

/** Waits until everything in the log is committed; returns the position reached at the time limit. */
async function landed(supervisor: Supervisor): Promise<Stats> {
  const deadline = monotonicClock.now() + SETTLE_LIMIT_MS
  for (;;) {
    const now = await position(supervisor)
    if (now['ahead'] === 0 || monotonicClock.now() > deadline) return now
    await monotonicClock.sleep(200)
  }
}

/** Empty if the store does not answer: it may be restarting. */
const position = (supervisor: Supervisor): Promise<Stats> =>
  supervisor.ask('store', 'position', 10_000).then(
    (answer) => answer as Stats,
    () => ({}),
  )
