/**
 * What operators said of incidents: a set of actions, each once, from any number of APIs. What holds is a function of
 * the set alone, so nobody who writes an action and nobody who writes incidents ever waits for the other.
 */
import type { Incident } from './incidents.ts'

export interface OperatorAction {
  readonly id: string
  readonly incident: string
  readonly kind: 'acknowledge' | 'mute' | 'unmute'
  /** Who, in their own words. */
  readonly by: string
  /** Wall clock, ms. */
  readonly at: number
  /** End of a mute, ms of the incident's clock; null for the other kinds. */
  readonly until: number | null
}

/** What holds of one incident. */
export interface Standing {
  /** By whom first, wall clock ms. */
  readonly acknowledged: { readonly by: string; readonly at: number } | null
  /** The latest mute, unless it was taken back; `until` may have passed. */
  readonly muted: { readonly by: string; readonly at: number; readonly until: number } | null
}

export const UNTOUCHED: Standing = { acknowledged: null, muted: null }

export type OperatorState = 'open' | 'acknowledged' | 'muted' | 'ended'

/** The first acknowledgement, and the latest word about silence; of equal times the greater id is later. */
export function standingOf(actions: readonly OperatorAction[]): Standing {
  const inOrder = actions.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id)))
  const first = inOrder.find(({ kind }) => kind === 'acknowledge')
  const last = inOrder.findLast(({ kind }) => kind !== 'acknowledge')
  return {
    acknowledged: first === undefined ? null : { by: first.by, at: first.at },
    muted: last?.kind === 'mute' && last.until !== null ? { by: last.by, at: last.at, until: last.until } : null,
  }
}

/** By incident. */
export const standingsOf = (actions: readonly OperatorAction[]): ReadonlyMap<string, Standing> =>
  new Map([...Map.groupBy(actions, ({ incident }) => incident)].map(([incident, own]) => [incident, standingOf(own)]))

/** `now` is the incident's clock, ms: a mute ends with it. */
export function stateOf({ end }: Incident, { acknowledged, muted }: Standing, now: number): OperatorState {
  if (end !== null) return 'ended'
  if (muted !== null && now < muted.until) return 'muted'
  return acknowledged === null ? 'open' : 'acknowledged'
}
