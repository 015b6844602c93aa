import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
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
