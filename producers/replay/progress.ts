import type { Clock } from '../../platform/clock.ts'

export interface ProgressState {
  readonly name: string
  /** Events settled in this run. */
  readonly events: number
  /** Events that earlier runs had settled. */
  readonly resumed: number
  /** Share of the data that is processed, 0 to 1. */
  readonly fraction: number
  readonly elapsedMs: number
}

const BAR = 24

/** One line: progress, speed and remaining time. */
export function progressLine({ name, events, resumed, fraction, elapsedMs }: ProgressState, bar: boolean): string {
  const filled = Math.floor(fraction * BAR)
  const drawn = bar ? `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ` : ''
  const rate = elapsedMs > 0 ? Math.round((events * 1_000) / elapsedMs) : 0
  const eta = fraction >= 1 ? '' : `  ETA ${remaining(fraction, elapsedMs, events, resumed)}`
  const percent = `${Math.floor(fraction * 100)}`.padStart(3)
  return `${name} ${drawn}${percent} %  ${(resumed + events).toLocaleString('en')} events  ${rate.toLocaleString('en')}/s${eta}`
}

/**
 * Remaining time at the speed of this run, as m:ss; the work of earlier runs counts as done, but not towards the speed.
 */
function remaining(fraction: number, elapsedMs: number, events: number, resumed: number): string {
  const total = fraction > 0 ? (resumed + events) / fraction : Infinity
  const seconds = Math.round((total - resumed - events) / (events / elapsedMs) / 1_000)
  if (!Number.isFinite(seconds)) return '-'
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export interface Progress {
  /** Shows the state if an update is due. */
  show(state: Omit<ProgressState, 'name' | 'elapsedMs'>): void
  /** Shows the final state. */
  end(state: Omit<ProgressState, 'name' | 'elapsedMs'>): void
}

/** On a terminal one line is redrawn ten times a second; elsewhere a line is printed every 5 s. */
export function openProgress(
  name: string,
  { clock, terminal, print }: { clock: Clock; terminal: boolean; print: (text: string) => void },
): Progress {
  const start = clock.now()
  let next = start
  const draw = (state: Omit<ProgressState, 'name' | 'elapsedMs'>, end: string): void => {
    const line = progressLine({ ...state, name, elapsedMs: clock.now() - start }, terminal)
    // \x1b[K clears the rest of a longer previous line.
    print(terminal ? `\r${line}\x1b[K${end}` : `${line}\n`)
  }
  return {
    show(state) {
      if (clock.now() < next) return
      next = clock.now() + (terminal ? 100 : 5_000)
      draw(state, '')
    },
    end: (state) => draw(state, '\n'),
  }
}
