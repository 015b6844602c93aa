import type { MetricsAnswer, MetricsRow } from '../shell/answers.ts'
import { sessionsLink } from '../shell/links.ts'

export const [REBUFFERING, STARTUP] = ['rebuffer_ratio:cta2066', 'startup:cta2066']
const PLACE = ['country', 'oca'] as const

export type Parameters = readonly (readonly [name: string, value: string])[]

export interface Told {
  readonly rows: readonly MetricsRow[]
  /** Link to the sessions behind a row. */
  readonly behind: (row: MetricsRow) => string
}

/** The value of the first metric, which is rebuffering. */
export const rebufferingOf = (row: MetricsRow): MetricsRow['values'][number] => row.values[0]!

/**
 * Query for the past with the page's filters. Without a period it is the clock's last hour, and the answer is shared by
 * all who ask.
 */
export function pathOf({ get }: { readonly get: (name: string) => string }, more: Parameters): string {
  const filters = PLACE.filter((name) => get(name) !== '').map((name) => ['filter', `${name}:${get(name)}`])
  const question = [['clock', get('clock')], ['metric', REBUFFERING], ...more, ...filters]
  return `/v1/qoe/metrics?${new URLSearchParams(question.map(([name = '', value = '']): [string, string] => [name, value]))}`
}

/** An answer to the question `path`. */
export function toldOf({ from, to, answers }: MetricsAnswer, path: string): Told {
  const asked = new URL(path, 'http://page').searchParams
  const chosen = Object.fromEntries(
    asked.getAll('filter').map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
  )
  return {
    rows: answers.flatMap(({ rows }) => rows),
    behind: ({ dimensions }) =>
      sessionsLink({
        clock: asked.get('clock') ?? '',
        metric: REBUFFERING,
        filters: { ...chosen, ...dimensions },
        from: from ?? 0,
        to: to ?? 0,
      }),
  }
}
