import type { Signal } from '@preact/signals'
import { sinceText } from '../shell/format.ts'
import { within, zoomed, type Span } from './span.ts'
import { readingAt, type Timeline } from './timeline.ts'

/** Navigation in a session. */
export interface Moves {
  readonly step: (by: 1 | -1) => void
  readonly trouble: (by: 1 | -1) => void
  readonly zoom: (by: number) => void
  readonly end: (which: 'first' | 'last') => void
  readonly clear: () => void
}

export interface Walk {
  readonly timeline: Timeline
  /** Times of all events, ascending. */
  readonly times: readonly number[]
  readonly cursor: Signal<number | null>
  readonly span: Signal<Span>
  readonly speak: (text: string) => void
}

export function movesOf({ timeline, times, cursor, span, speak }: Walk): Moves {
  const goTo = (at: number): void => {
    const { from, to } = span.value
    const length = to - from
    if (at < from || at > to) span.value = within(timeline, at - length / 2, at + length / 2)
    cursor.value = at
    const { standing, happened } = readingAt(timeline, at)
    speak(`${sinceText(at - timeline.from)}: ${[happened, standing].filter((part) => part !== '').join('. ')}`)
  }
  const step = (by: 1 | -1, among: readonly number[]): void => {
    const from = cursor.value ?? (by > 0 ? -Infinity : Infinity)
    const to = by > 0 ? among.find((at) => at > from) : among.findLast((at) => at < from)
    if (to !== undefined) goTo(to)
  }
  return {
    step: (by) => step(by, times),
    trouble(by) {
      const { troubles } = timeline
      if (troubles.length === 0) speak('No trouble in this session')
      // After the last one, wrap to the first.
      else if (by > 0 && (cursor.value ?? -Infinity) >= troubles.at(-1)!) goTo(troubles[0]!)
      else step(by, troubles)
    },
    zoom(by) {
      const { from, to } = span.value
      span.value = zoomed(timeline, { from, to }, cursor.value ?? (from + to) / 2, by)
    },
    end: (which) => goTo(which === 'first' ? times[0]! : times.at(-1)!),
    clear: () => {
      cursor.value = null
    },
  }
}

type Press = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>

export function keyOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Press, moves: Moves): (() => void) | undefined {
  if (ctrlKey || metaKey || altKey) return undefined
  switch (key) {
    case 'ArrowLeft':
      return () => (shiftKey ? moves.trouble(-1) : moves.step(-1))
    case 'ArrowRight':
      return () => (shiftKey ? moves.trouble(1) : moves.step(1))
    case 'n':
      return () => moves.trouble(1)
    case 'Home':
      return () => moves.end('first')
    case 'End':
      return () => moves.end('last')
    case '+':
    case '=':
      return () => moves.zoom(0.5)
    case '-':
      return () => moves.zoom(2)
    case '0':
      return () => moves.zoom(Infinity)
    case 'Escape':
      return moves.clear
    default:
      return undefined
  }
}

export function nearest(times: readonly number[], at: number): number | null {
  let best: number | null = null
  for (const time of times) if (best === null || Math.abs(time - at) < Math.abs(best - at)) best = time
  return best
}
