import type { Answer } from '../shell/answers.ts'

/** The live view: minutes, the last of which is incomplete. */
export type Frame = Answer<'/v1/qoe/live'>
export type Minute = Frame['minutes'][number]
export type Metrics = Minute['total']
export type GroupMetrics = Minute['groups'][number]
export type Sink = Answer<'/v1/sink'>
export type Actions = Answer<'/v1/actions/live'>

/** `change` holds the minutes that changed since `frame`: they replace the old ones, and the oldest are dropped. */
export function merge(frame: Frame, change: Frame, most: number): Frame {
  const minutes = new Map([...frame.minutes, ...change.minutes].map((each) => [each.minute, each]))
  const latest = [...minutes.values()].sort((a, b) => a.minute - b.minute).slice(-most)
  return { ...change, definitions: frame.definitions, minutes: latest }
}

/** The last complete minute, otherwise the open one. */
export const shownMinute = ({ minutes }: Frame): Minute | undefined =>
  minutes.findLast(({ partial }) => !partial) ?? minutes.at(-1)

export const hasData = ({ minutes }: Frame): boolean =>
  minutes.some(({ total }) => total.attempts + total['concurrent_plays:active_minute'] > 0)

/** Minimum plays to judge a place. */
export const ENOUGH_PLAYS = 25

export const isEnough = (row: Metrics): boolean => row['concurrent_plays:active_minute'] >= ENOUGH_PLAYS

/** Places of a minute, worst rebuffering first; those with too few plays are last. */
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

/** Rebuffering that viewers notice: below 1 % of watched time good, from 2 % bad (common defaults of dashboards). */
export const NOTICEABLE = 0.01
export const BAD = 0.02
export const rebufferState = (ratio: number | null): 'good' | 'warn' | 'bad' | 'unknown' =>
  ratio === null ? 'unknown' : ratio >= BAD ? 'bad' : ratio >= NOTICEABLE ? 'warn' : 'good'

/** Share of a minute's attempts that ended with an error before the first frame; null if there are too few attempts. */
export const failureShare = ({ attempts, vsf }: Metrics): number | null =>
  attempts >= ENOUGH_PLAYS ? vsf / attempts : null
