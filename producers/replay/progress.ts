import type { Clock } from '../../platform/clock.ts'

export interface ProgressState {
  readonly name: string
  /** Events settled in this run. */
  readonly events: number
  /** Events that earlier runs had settled. */
  readonly resumed: number
  /** Share of the data dealt with, 0 to 1. */
  readonly fraction: number
  readonly elapsedMs: number
}

const BAR = 24

/** One line: how far, how fast, how long still. */
export function progressLine({ name, events, resumed, fraction, elapsedMs }: ProgressState, bar: boolean): string {
  const filled = Math.floor(fraction * BAR)
  const drawn = bar ? `[${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}] ` : ''
  const rate = elapsedMs > 0 ? Math.round((events * 1_000) / elapsedMs) : 0
  const eta = fraction >= 1 ? '' : `  ETA ${remaining(fraction, elapsedMs, events, resumed)}`
  const percent = `${Math.floor(fraction * 100)}`.padStart(3)
  return `${name} ${drawn}${percent} %  ${(resumed + events).toLocaleString('en')} events  ${rate.toLocaleString('en')}/s${eta}`
}

/** Time still needed at the pace of this run, as m:ss; what earlier runs did counts as done, not as speed. */
function remaining(fraction: number, elapsedMs: number, events: number, resumed: number): string {
  const total = fraction > 0 ? (resumed + events) / fraction : Infinity
  const seconds = Math.round((total - resumed - events) / (events / elapsedMs) / 1_000)
  if (!Number.isFinite(seconds)) return '-'
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

export interface Progress {
  /** Shows the state when it is time to. */
  show(state: Omit<ProgressState, 'name' | 'elapsedMs'>): void
  /** Shows the last state for good. */
  end(state: Omit<ProgressState, 'name' | 'elapsedMs'>): void
}

/** On a terminal one line drawn over and over, ten times a second; elsewhere a line every 5 s. */
export function openProgress(
  name: string,
  { clock, terminal, print }: { clock: Clock; terminal: boolean; print: (text: string) => void },
): Progress {
  const start = clock.now()
  let next = start
  const draw = (state: Omit<ProgressState, 'name' | 'elapsedMs'>, end: string): void => {
    const line = progressLine({ ...state, name, elapsedMs: clock.now() - start }, terminal)
    // \x1b[K clears what a longer line left behind.
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
