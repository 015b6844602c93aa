import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { openLogFile, rotateLog } from './log-file.ts'
import { fromChild, type FromChild, type ToChild } from './protocol.ts'

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
  /** Called once with `exit code 1`, `signal SIGKILL` or why the process could not be created. */
  exited(how: string): void
}

/** How often the size of a log is looked at, ms: between two looks it grows past its limit. */
const ROTATE_MS = 1_000

/**
 * Starts Node. The child has its own process group: Ctrl-C in a terminal reaches only the supervisor, which stops the
 * children in order; if the supervisor is killed, they notice the closed channel.
 */
export function runChild(command: ChildCommand, listener: ChildListener): ChildHandle {
  const log = openLogFile(command.logFile)
  const child = spawn(process.execPath, command.args, {
    stdio: ['ignore', log, log, 'ipc'],
    env: command.env,
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
  child.once('error', (error) => end(error.message))
  child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`))
  return {
    pid: child.pid,
    // The child may have just ended; `exited` reports that.
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    signal: (signal) => void child.kill(signal),
  }
}
