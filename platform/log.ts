import { pino, type Logger as Pino } from 'pino'

/** Structured log. Human text goes to the CLI, never here. */
export type Log = Pick<Pino, 'debug' | 'info' | 'warn' | 'error' | 'child'>

/** JSON lines on stderr, so that stdout stays the command's answer. */
export function openLog(role: string, level = 'info'): Log {
  return pino(
    { level, base: { role }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
}

export const silentLog: Log = pino({ level: 'silent' })
