/** What the API answers, as far as the page reads it; test/unit/page-answers.ts holds it to the API's own types. */
export interface Metrics {
  readonly attempts: number
  readonly plays: number
  readonly 'concurrent_plays:active_minute': number
  readonly ebvs: number
  readonly vsf: number
  readonly 'startup:cta2066': { readonly plays: number; readonly p50_ms: number | null; readonly p95_ms: number | null }
  readonly 'rebuffer_ratio:cta2066': number | null
  readonly 'average_bitrate:cta2066': number | null
  readonly errors: { readonly technical: number; readonly business: number; readonly fatal: number }
  readonly unknown: number
}
export interface GroupMetrics extends Metrics {
  readonly country: string
  readonly oca: string
}
export interface Minute {
  readonly minute: number
  readonly partial: boolean
  readonly total: Metrics
  readonly groups: readonly GroupMetrics[]
}
export interface Frame {
  readonly clock: string
  readonly definitions: Readonly<Record<string, string>>
  readonly as_of: { readonly watermark: number | null; readonly received: number | null; readonly computed: number }
  readonly minutes: readonly Minute[]
}

export interface Sink {
  readonly running: boolean
  readonly rows: number
  readonly rows_per_second: number
  readonly dead_letters: number
  readonly inserts_per_second: number
  readonly lag: number
  readonly retries: number
  readonly insert_ms: { readonly p50: number; readonly p99: number }
  readonly partitions: readonly { readonly topic: string; readonly partition: number; readonly paused: string }[]
  readonly sessions: { readonly seconds_behind: number | null }
}
export interface Actions {
  readonly total: number
  readonly now: number | null
  readonly minutes: readonly { readonly action: string; readonly events: number }[]
  readonly top_titles: readonly {
    readonly title_id: string
    readonly name: string
    readonly plays: number
    readonly ratings: number
  }[]
}

/** `change` holds the minutes that changed since `frame`: they take their places, and the oldest leave. */
export function merge(frame: Frame, change: Frame, most: number): Frame {
  const minutes = new Map([...frame.minutes, ...change.minutes].map((each) => [each.minute, each]))
  const latest = [...minutes.values()].sort((a, b) => a.minute - b.minute).slice(-most)
  return { ...change, definitions: frame.definitions, minutes: latest }
}

/** The last minute that is over, or else the open one. */
export const shownMinute = ({ minutes }: Frame): Minute | undefined =>
  minutes.findLast(({ partial }) => !partial) ?? minutes.at(-1)

export const hasData = ({ minutes }: Frame): boolean =>
  minutes.some(({ total }) => total.attempts + total['concurrent_plays:active_minute'] > 0)

/** Fewer plays than this say nothing about a place. */
export const ENOUGH_PLAYS = 25

export const isEnough = (row: Metrics): boolean => row['concurrent_plays:active_minute'] >= ENOUGH_PLAYS

/** Places of a minute, worst rebuffering first; those with too few plays to tell come after them. */
export function worstFirst(minute: Minute | undefined): GroupMetrics[] {
  const badness = (row: GroupMetrics): number => row['rebuffer_ratio:cta2066'] ?? -1
  return [...(minute?.groups ?? [])].sort(
    (a, b) =>
      Number(isEnough(b)) - Number(isEnough(a)) ||
      badness(b) - badness(a) ||
      b['concurrent_plays:active_minute'] - a['concurrent_plays:active_minute'],
  )
}

export const placeName = ({ country, oca }: Pick<GroupMetrics, 'country' | 'oca'>): string =>
  [country, oca].filter((part) => part !== '').join(' · ') || 'unknown'
export const sameplace = (a: GroupMetrics, b: GroupMetrics): boolean => a.country === b.country && a.oca === b.oca

/**
 * Rebuffering that a viewer notices: below 1 % of watched time good, from 2 % bad (defaults of the field's dashboards).
 */
export const NOTICEABLE = 0.01
export const BAD = 0.02
export const rebufferState = (ratio: number | null): 'good' | 'warn' | 'bad' | 'unknown' =>
  ratio === null ? 'unknown' : ratio >= BAD ? 'bad' : ratio >= NOTICEABLE ? 'warn' : 'good'

/** Attempts of a minute that ended by an error before a frame was shown, as a share; null where too few tried. */
export const failureShare = ({ attempts, vsf }: Metrics): number | null =>
  attempts >= ENOUGH_PLAYS ? vsf / attempts : null
