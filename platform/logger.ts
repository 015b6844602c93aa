import { writeSync } from 'node:fs'
import { pino, type Logger as Pino } from 'pino'
import { createRepeatLimit, type RepeatLimit } from './log-limit.ts'

/** Structured logger. Text for humans is printed by the CLI and never logged. */
export type Logger = Pick<Pino, 'debug' | 'info' | 'warn' | 'error' | 'child'>

/** Why a line is not in the log: its like came too often, or it could not be written. */
export type LostLine = 'repeated' | 'unwritten'

export interface LoggerOptions {
  readonly lost?: (why: LostLine) => void
  /** Writes bytes and returns how many were written; throws like `fs.writeSync`. */
  readonly write?: (bytes: Buffer) => number
  readonly now?: () => number
}

/**
 * Logs JSON lines to stderr, so that stdout holds only the command's output.
 *
 * A line that cannot be written (full disk, closed pipe) is dropped and counted: logging never fails the request or the
 * process that logs. Lines that repeat are written a few times, then counted.
 */
export function openLogger(role: string, level = 'info', options: LoggerOptions = {}): Logger {
  const { lost = () => undefined, now = Date.now } = options
  const limit = createRepeatLimit(now)
  const logger: Pino = pino(
    {
      level,
      base: { role },
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: {
        logMethod(args, method, level) {
          if (limit.take(keyOf(args, level))) return method.apply(this, args)
          lost('repeated')
          tellRepeats(limit, () => logger)
        },
      },
    },
    lineWriter(options.write ?? ((bytes) => writeSync(2, bytes)), () => lost('unwritten')),
  )
  return logger
}

/** Lines are alike if level, message and code are: their details differ. */
function keyOf(args: readonly unknown[], level: number): string {
  const [first, second] = args
  const { code = '' } = (typeof first === 'object' && first !== null ? first : {}) as { code?: unknown }
  const message = typeof first === 'string' ? first : second
  return `${level} ${typeof code === 'string' ? code : ''} ${typeof message === 'string' ? message : ''}`
}

/** Says how many lines were left out, once their time is over, even if no line of their kind follows. */
function tellRepeats(limit: RepeatLimit, logger: () => Pick<Pino, 'warn'>): void {
  if (limit.telling) return
  limit.telling = true
  setTimeout(() => {
    limit.telling = false
    const repeats = limit.finish()
    if (repeats.length > 0) logger().warn({ repeats }, 'lines that came too often were left out')
    if (limit.open) tellRepeats(limit, logger)
  }, limit.windowMs).unref()
}

/** A destination that never throws. What is left of a line that was cut off is ended before the next one. */
function lineWriter(write: (bytes: Buffer) => number, failed: () => void): { write(line: string): void } {
  let torn = false
  return {
    write(line) {
      const bytes = Buffer.from(torn ? `\n${line}` : line)
      let written = 0
      try {
        while (written < bytes.length) written += write(bytes.subarray(written))
        torn = false
      } catch {
        torn ||= written > 0
        failed()
      }
    },
  }
}

export const silentLogger: Logger = pino({ level: 'silent' })
