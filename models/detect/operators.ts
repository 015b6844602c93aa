/**
 * Operators' actions on incidents: a set of actions, each once, from any number of API processes. The state depends
 * only on the set, so writers of actions and writers of incidents never wait for each other.
 */
import type { Incident } from './incidents.ts'

export interface OperatorAction {
  readonly id: string
  readonly incident: string
  readonly kind: 'acknowledge' | 'mute' | 'unmute'
  /** The operator's name, as entered. */
  readonly by: string
  /** Wall clock, ms. */
  readonly at: number
  /** End of a mute, ms of the incident's clock; null for the other kinds. */
  readonly until: number | null
}

/** The operator state of one incident. */
export interface Standing {
  /** The first acknowledgement: by whom, and when (wall clock, ms). */
  readonly acknowledged: { readonly by: string; readonly at: number } | null
  /** The latest mute that was not undone; `until` may have passed. */
  readonly muted: { readonly by: string; readonly at: number; readonly until: number } | null
}

export const UNTOUCHED: Standing = { acknowledged: null, muted: null }

export type OperatorState = 'open' | 'acknowledged' | 'muted' | 'ended'

/** The first acknowledgement and the latest mute or unmute; if times are equal, the greater id is later. */
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

/** `now` is the incident's clock, ms: mutes end by it. */
export function stateOf({ end }: Incident, { acknowledged, muted }: Standing, now: number): OperatorState {
  if (end !== null) return 'ended'
  if (muted !== null && now < muted.until) return 'muted'
  return acknowledged === null ? 'open' : 'acknowledged'
}
