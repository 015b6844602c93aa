import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { once } from 'node:events'

/** A Java process that cannot outlive this one. */
export interface Jvm {
  readonly pid: number
  /** Reason of the exit: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>
  readonly running: boolean
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface JvmCommand {
  readonly java: string
  readonly args: readonly string[]
  /** File that receives the process's stdout and stderr. */
  readonly outFile: string
}

/** Starts Java and its guard. Rejects if the process cannot be created. */
export async function startJvm({ java, args, outFile }: JvmCommand): Promise<Jvm> {
  const out = openSync(outFile, 'w')
  // Runs in its own process group: Ctrl-C reaches only playloop, which then stops the broker last.
  const child = spawn(java, args, { stdio: ['ignore', out, out], detached: true })
  closeSync(out)
  await once(child, 'spawn')
  const pid = child.pid!
  const guard = startGuard(pid)
  let running = true
  const ended = once(child, 'close').then(([code, signal]) => {
    running = false
    guard.kill('SIGKILL')
    return signal === null ? `exit code ${String(code)}` : `signal ${String(signal)}`
  })
  return {
    pid,
    ended,
    get running() {
      return running
    },
    signal: (signal) => void child.kill(signal),
  }
}

/**
 * The guard waits for the end of a pipe that only this process holds open: if this process is killed, even by SIGKILL,
 * the system closes the pipe and the guard kills Java.
 */
function startGuard(pid: number): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', `read -r _; kill -9 ${pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // Neither keeps this process alive. If the guard cannot start, the pid file remains as the second safeguard.
  guard.on('error', () => undefined)
  guard.unref()
  return guard
}

/** The last lines of a log file, for error messages. */
export function tail(file: string, lines = 3): string {
  try {
    const text = readFileSync(file, 'utf8').trim()
    return text
      .split('\n')
      .filter((line) => !/^\s+at |^$/.test(line))
      .slice(-lines)
      .join(' | ')
      .slice(-600)
  } catch {
    return ''
  }
}
