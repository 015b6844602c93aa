import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from '../../platform/clock.ts'
import type { ChildStats, SinkOptions } from './child-options.ts'

export interface SinkProcess {
  readonly pid: number
  /** How it ended: a signal's name, or an exit code. */
  readonly ended: Promise<string>
  readonly running: boolean
  /** Stopped by SIGSTOP? */
  frozen(): boolean
  stats(): Promise<ChildStats>
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void
  /** Orderly end; the time it took, ms. */
  stop(): Promise<number>
}

// The engine's statements run on the thread pool. Compiled modules are kept: a child's life is short, and compiling was
// half of it.
const env = {
  ...process.env,
  UV_THREADPOOL_SIZE: '16',
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../.cache/compiled'),
}

/** Processes that a failed test left: ended with it. */
const alive = new Set<ChildProcess>()

export function endAll(): void {
  prepared = undefined
  for (const child of alive) child.kill('SIGKILL')
}

function watched(child: ChildProcess): ChildProcess {
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  return child
}

/** Loading its modules is most of a process's start: the next one does so while the present one runs. */
let prepared: ChildProcess | undefined

async function takePrepared(): Promise<ChildProcess> {
  const child = prepared ?? load()
  prepared = load()
  if (child.exitCode !== null || child.signalCode !== null) throw new Error('a sink process could not be loaded')
  if (!loaded.has(child)) await once(child, 'message')
  return child
}

const loaded = new WeakSet<ChildProcess>()

function load(): ChildProcess {
  const child = watched(
    fork(join(import.meta.dirname, 'sink-child.ts'), { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }),
  )
  child.once('message', () => loaded.add(child))
  return child
}

/** Starts a sink; resolves when it says that it runs, or when it died on the way to that. */
export async function startSinkProcess(options: SinkOptions): Promise<SinkProcess> {
  const child = await takePrepared()
  child.send(options)
  let running = true
  const ended = endOf(child).then((how) => {
    running = false
    return how
  })
  await Promise.race([once(child, 'message'), ended])
  return {
    pid: child.pid!,
    ended,
    get running() {
      return running
    },
    frozen: () => execFileSync('ps', ['-o', 'state=', '-p', String(child.pid)], { encoding: 'utf8' }).startsWith('T'),
    async stats() {
      const answer = once(child, 'message') as Promise<[ChildStats]>
      child.send('stats')
      return (await answer)[0]
    },
    signal: (signal) => void child.kill(signal),
    async stop() {
      const begun = performance.now()
      child.kill('SIGTERM')
      const how = await ended
      if (how !== '0') throw new Error(`the sink did not end in order: ${how}`)
      return performance.now() - begun
    },
  }
}

export interface EngineProcess {
  readonly url: string
  /** Plants faults, see platform/clickhouse/shim.ts. */
  plant(faults: object): Promise<void>
  readonly ended: Promise<string>
  kill(): void
  /** Starts it again on the same data and port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** The engine as a server, in a process of its own. */
export async function startEngine(dataDir: string): Promise<EngineProcess> {
  let [child, url] = await launch(dataDir, '0')
  let ended = endOf(child)
  return {
    get url() {
      return url
    },
    get ended() {
      return ended
    },
    async plant(faults) {
      const answer = await fetch(`${url}/shim/faults`, { method: 'POST', body: JSON.stringify(faults) })
      await answer.text()
    },
    kill: () => void child.kill('SIGKILL'),
    async restart() {
      await ended
      ;[child, url] = await launch(dataDir, new URL(url).port)
      ended = endOf(child)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function launch(dataDir: string, port: string): Promise<[ChildProcess, string]> {
  const main = join(import.meta.dirname, '../../platform/clickhouse/shim-main.ts')
  const child = watched(spawn(process.execPath, [main, dataDir, port], { env, stdio: ['ignore', 'pipe', 'inherit'] }))
  const [line] = await Promise.race([
    once(child.stdout!, 'data') as Promise<[Buffer]>,
    endOf(child).then((how) => {
      throw new Error(`the engine did not start: ${how}`)
    }),
  ])
  return [child, (JSON.parse(String(line)) as { url: string }).url]
}

const endOf = async (child: ChildProcess): Promise<string> => {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal ?? String(code)
}

/** Waits until something holds; says what it waited for when it does not. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await systemClock.sleep(25)
  }
}
