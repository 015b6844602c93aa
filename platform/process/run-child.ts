import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { openLogFile, rotateLog } from './log-file.ts'
import { fromChild, heldIn, type FromChild, type ToChild } from './protocol.ts'

export interface ChildCommand {
  /** Arguments of Node: the script and its arguments. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** File that receives the process's output. */
  readonly logFile: string
}

/** A child process with an IPC channel. */
export interface ChildHandle {
  readonly pid: number | undefined
  send(message: ToChild): void
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface ChildListener {
  message(message: FromChild): void
  /** A heartbeat. With `heldMs` it is the last one: the process ends because its event loop was held for that long. */
  beat(heldMs: number | undefined): void
  /** Called once with `exit code 1`, `signal SIGKILL` or why the process could not be created. */
  exited(how: string): void
}

/** How often the size of a log is looked at, ms: between two looks it grows past its limit. */
const ROTATE_MS = 1_000

/** Where a child finds the pipe of its heartbeats: the first descriptor after the channel. */
const HEARTBEAT = { variable: 'HEARTBEAT_FD', fd: 4 } as const

/** The descriptor that the supervisor of this process listens on; read once, so that no grandchild inherits it. */
export function takeHeartbeatFd(env = process.env): number | undefined {
  const given = env[HEARTBEAT.variable]
  delete env[HEARTBEAT.variable]
  return given === undefined ? undefined : Number(given)
}

/**
 * Starts Node. The child has its own process group: Ctrl-C in a terminal reaches only the supervisor, which stops the
 * children in order; if the supervisor is killed, they notice the closed channel.
 */
export function runChild(command: ChildCommand, listener: ChildListener): ChildHandle {
  const log = openLogFile(command.logFile)
  const child = spawn(process.execPath, command.args, {
    stdio: ['ignore', log, log, 'ipc', 'pipe'],
    env: { ...command.env, [HEARTBEAT.variable]: String(HEARTBEAT.fd) },
    detached: true,
  })
  closeSync(log)
  const rotating = setInterval(() => rotateLog(command.logFile), ROTATE_MS).unref()
  let over = false
  const end = (how: string): void => {
    if (over) return
    over = true
    clearInterval(rotating)
    listener.exited(how)
  }
  child.on('message', (raw) => {
    const message = fromChild(raw)
    if (message !== undefined) listener.message(message)
  })
  child.stdio[HEARTBEAT.fd]?.on('error', () => undefined).on('data', (lines) => listener.beat(heldIn(String(lines))))
  child.once('error', (error) => end(error.message))
  child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`))
  return {
    pid: child.pid,
    // The child may have just ended; `exited` reports that.
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    signal: (signal) => void child.kill(signal),
  }
}
