/** One round of a clock: its new minutes pass through the monitor. */
import { MINUTE_MS, type MinuteOfCells } from './minutes.ts'
import type { Incident } from './incidents.ts'
import { beginAgain, catchUp, type MonitorState } from './monitor.ts'
import type { Options } from './options.ts'

/** How far back minutes are read: older ones are forgotten by the half-life anyway. */
const BACK_MS = 120 * MINUTE_MS
/** Minutes of one query, so that its answer stays small. */
const PIECE_MS = 15 * MINUTE_MS

export interface MinuteSpan {
  readonly clock: string
  /** Starts of the first and the last minute, ms of the clock. */
  readonly from: number
  readonly to: number
}

export interface Watching {
  readonly minutes: (span: MinuteSpan) => Promise<readonly MinuteOfCells[]>
  readonly options: Options
  /** Checked between pieces; the state reached by then is valid. */
  readonly stopped: () => boolean
}

/** The monitor after all unsettled minutes up to `watermark`. */
export async function watched(
  state: MonitorState,
  watermark: number,
  { minutes, options, stopped }: Watching,
): Promise<MonitorState> {
  const { settled } = state.detector
  let next = settled !== null && watermark < settled ? beginAgain(state) : state
  const last = Math.floor(watermark / MINUTE_MS) * MINUTE_MS
  const first = Math.max(last - BACK_MS, (next.detector.settled ?? -Infinity) + MINUTE_MS)
  for (let from = first; from <= last && !stopped(); from += PIECE_MS) {
    const to = Math.min(last, from + PIECE_MS - MINUTE_MS)
    next = catchUp(
      next,
      { at: Math.min(watermark, to + MINUTE_MS - 1), minutes: await minutes({ clock: state.clock, from, to }) },
      options,
    )
  }
  return next
}

/** Incidents that changed. */
export function changedSince(before: MonitorState, { incidents }: MonitorState): readonly Incident[] {
  const known = new Set(before.incidents.all)
  return incidents.all.filter((incident) => !known.has(incident))
}
