/** What the API answers, as far as the page reads it. */
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

/** `change` holds the minutes that changed since `frame`: they take their places, and the oldest leave. */
export function merge(frame: Frame, change: Frame, most: number): Frame {
  const minutes = new Map([...frame.minutes, ...change.minutes].map((each) => [each.minute, each]))
  const latest = [...minutes.values()].sort((a, b) => a.minute - b.minute).slice(-most)
  return { ...change, definitions: frame.definitions, minutes: latest }
}

/** The last minute that is over: its figures do not move any more. */
export const lastWhole = ({ minutes }: Frame): Minute | undefined => minutes.findLast(({ partial }) => !partial)

export const hasData = ({ minutes }: Frame): boolean => minutes.some(({ total }) => total.attempts + total['concurrent_plays:active_minute'] > 0)

/** Places of the last whole minute, worst rebuffering first; those without watched time last. */
export function worstFirst(minute: Minute | undefined): GroupMetrics[] {
  const badness = (row: GroupMetrics): number => row['rebuffer_ratio:cta2066'] ?? -1
  return [...(minute?.groups ?? [])].sort((a, b) => badness(b) - badness(a) || b['concurrent_plays:active_minute'] - a['concurrent_plays:active_minute'])
}

export const placeName = ({ country, oca }: GroupMetrics): string => [country, oca].filter((part) => part !== '').join(' · ') || 'unknown'

/** Rebuffering above which a viewer notices: below 0.5 % excellent, 1 % good, 2 % acceptable (dashboard defaults of the field). */
export const rebufferState = (ratio: number | null): 'good' | 'warn' | 'bad' | 'unknown' =>
  ratio === null ? 'unknown' : ratio >= 0.02 ? 'bad' : ratio >= 0.01 ? 'warn' : 'good'

/** Fewer plays than this say nothing about a place. */
const ENOUGH_PLAYS = 25

/** One sentence that says what is going on. */
export function headline(frame: Frame, percent: (value: number | null) => string, amount: (value: number) => string): string {
  const minute = lastWhole(frame) ?? frame.minutes.at(-1)
  if (minute === undefined || !hasData(frame)) return `Nobody plays on the clock “${frame.clock}”`
  const ratio = minute.total['rebuffer_ratio:cta2066']
  const plays = minute.total['concurrent_plays:active_minute']
  const worst = worstFirst(minute).find((row) => row['concurrent_plays:active_minute'] >= ENOUGH_PLAYS)
  const place = worst === undefined || rebufferState(worst['rebuffer_ratio:cta2066']) === 'good' ? '' : `, worst at ${placeName(worst)} with ${percent(worst['rebuffer_ratio:cta2066'])}`
  return `${amount(plays)} ${plays === 1 ? 'play' : 'plays'}, rebuffering ${percent(ratio)}${place}`
}
