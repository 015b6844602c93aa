import { sessionsLink } from '../shell/links.ts'
import type { MetricsRow } from '../shell/answers.ts'
import { filtersOf, type View } from './question.ts'

/** Link to the sessions behind a number of the view: of a cell, of a step, or of the period for comparison. */
export function behind(
  { clock, metric, open, from, to, ...view }: View,
  { dimensions, at, step }: { dimensions?: MetricsRow['dimensions']; at?: number; step?: number } = {},
): string {
  const begin = at ?? from
  return sessionsLink({
    clock,
    ...(open ? { time: 'open' } : { metric }),
    filters: filtersOf(view, dimensions),
    from: begin,
    to: begin + (step ?? to - from),
  })
}
