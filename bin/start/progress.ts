import type { ProcessChange } from '../../platform/process/supervisor.ts'

/** Figures of the progress line. */
export interface Figures {
  readonly seconds: number
  readonly produced: number
  readonly stored: number
  readonly lag: number
  readonly rowsPerSecond: number
}

/** Progress output: one updating line on a terminal, plain lines otherwise, nothing if only JSON is wanted. */
export interface Progress {
  say(line: string): void
  process(change: ProcessChange): void
  figures(figures: Figures): void
  end(): void
}

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

// Interval of figures without a terminal: often enough to show activity in a log without filling it.
const PLAIN_EVERY_S = 10

export function openProgress(out: ProgressOutput, quiet: boolean): Progress {
  if (quiet) return { say: () => undefined, process: () => undefined, figures: () => undefined, end: () => undefined }
  let open = false
  let saidAt = -Infinity
  const clear = (): void => {
    if (open) out.write('\r\x1b[K')
    open = false
  }
  const say = (line: string): void => {
    clear()
    out.write(`${line}\n`)
  }
  return {
    say,
    process(change) {
      const line = processLine(change)
      if (line !== undefined) say(line)
    },
    figures(figures) {
      if (out.isTTY === true) {
        out.write(`\r\x1b[K${figuresLine(figures)}`)
        open = true
      } else if (figures.seconds - saidAt >= PLAIN_EVERY_S) {
        saidAt = figures.seconds
        say(figuresLine(figures))
      }
    },
    end: clear,
  }
}

export function processLine({ name, phase, pid, how }: ProcessChange): string | undefined {
  if (phase === 'ready') return `${name.padEnd(10)} ready (process ${pid})`
  if (phase === 'resting') return `${name.padEnd(10)} ended: ${how}; it is started again`
  if (phase === 'ended' && how !== undefined && how !== 'exit code 0') return `${name.padEnd(10)} ended: ${how}`
  return undefined
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export function figuresLine({ seconds, produced, stored, lag, rowsPerSecond }: Figures): string {
  const clock = `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
  return `${clock}  ${whole.format(produced)} events sent  ${whole.format(stored)} stored  ${whole.format(lag)} under way  ${whole.format(rowsPerSecond)} rows/s`
}
