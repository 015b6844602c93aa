import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from '../../platform/clock.ts'
import { fromChild } from '../../platform/process/protocol.ts'

/** A role as `playloop start` runs it, in a process of its own. */
export interface RoleProcess {
  readonly url: string
  readonly pid: number
  /** How it ended: a signal's name, or an exit code. */
  readonly ended: Promise<string>
  /** Status and body of `/health/ready`. */
  ready(): Promise<{ readonly status: number; readonly code?: string }>
  kill(signal?: 'SIGKILL' | 'SIGTERM'): void
  /** Orderly end. */
  stop(): Promise<void>
}

const alive = new Set<ChildProcess>()

/** Ends what a failed test left. */
export async function endRoles(): Promise<void> {
  const ended = [...alive].map((child) => once(child, 'exit'))
  for (const child of alive) child.kill('SIGKILL')
  await Promise.all(ended)
}

/** Starts `playloop run ROLE`; resolves when it is ready. */
export async function startRole(role: string, env: Readonly<Record<string, string>>): Promise<RoleProcess> {
  const child = fork(join(import.meta.dirname, '../../bin/playloop.ts'), ['run', role], {
    env: { ...process.env, PORT: '0', PLAYLOOP_LOG: 'error', UV_THREADPOOL_SIZE: '16', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  alive.add(child)
  const ended = once(child, 'exit').then(([code, signal]) => {
    alive.delete(child)
    return String(signal ?? code)
  })
  const url = await Promise.race([
    urlOf(child),
    ended.then((how) => Promise.reject(new Error(`${role} ended: ${how}`))),
  ])
  return {
    url,
    pid: child.pid!,
    ended,
    async ready() {
      const response = await fetch(`${url}/health/ready`)
      return { ...((await response.json()) as { code?: string }), status: response.status }
    },
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    async stop() {
      child.kill('SIGTERM')
      const how = await ended
      if (how !== '0') throw new Error(`${role} did not end in order: ${how}`)
    },
  }
}

async function urlOf(child: ChildProcess): Promise<string> {
  for (;;) {
    const [raw] = (await once(child, 'message')) as [unknown]
    const message = fromChild(raw)
    if (message?.type === 'ready') return message.info['url'] ?? ''
    if (message?.type === 'failed') throw new Error(`${message.fault.code}: ${message.fault.message}`)
  }
}

/** A role that is started again whenever it ends, as `playloop start` does. */
export interface KeptRole {
  /** As of the process that runs now; 503 while none answers. */
  ready(): Promise<{ readonly status: number; readonly code?: string }>
  restarts(): number
  /** Orderly end. */
  stop(): Promise<void>
}

const PAUSE_MS = 500

export async function keepRole(role: string, env: Readonly<Record<string, string>>): Promise<KeptRole> {
  let running: RoleProcess | undefined = await startRole(role, env)
  let [restarts, wanted] = [0, true]
  const keep = async (): Promise<void> => {
    while (wanted) {
      await running?.ended
      running = undefined
      if (!wanted) return
      restarts++
      await systemClock.sleep(PAUSE_MS)
      // On a full disk it fails to start until there is room.
      running = await startRole(role, env).catch(() => undefined)
    }
  }
  const kept = keep()
  return {
    ready: async () => (await running?.ready().catch(() => undefined)) ?? { status: 503 },
    restarts: () => restarts,
    async stop() {
      wanted = false
      await running?.stop()
      await kept
    },
  }
}
