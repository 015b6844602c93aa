import { pino, type Logger as Pino } from 'pino'

/** Structured logger. Text for humans is printed by the CLI and never logged. */
export type Logger = Pick<Pino, 'debug' | 'info' | 'warn' | 'error' | 'child'>

/** Logs JSON lines to stderr, so that stdout holds only the command's output. */
export function openLogger(role: string, level = 'info'): Logger {
  return pino(
    { level, base: { role }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
}

export const silentLogger: Logger = pino({ level: 'silent' })
