import { pino, type Logger as Pino } from 'pino'

/** Structured log. Human text goes to the CLI, never here. */
export type Logger = Pick<Pino, 'debug' | 'info' | 'warn' | 'error' | 'child'>

/** JSON lines on stderr, so that stdout stays the command's answer. */
export function openLogger(role: string, level = 'info'): Logger {
  return pino(
    { level, base: { role }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  )
}

export const silentLogger: Logger = pino({ level: 'silent' })
