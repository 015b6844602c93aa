/**
 * What a supervisor and its children tell one another over Node's IPC channel.
 *
 * The channel is also the life line: when it breaks, the supervisor is gone, and the child drains and ends.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** What a child makes known when it is ready: ports, addresses. */
export type Info = Readonly<Record<string, string>>

/** Counters of a child, for progress and the summary. */
export type Stats = Readonly<Record<string, Json>>

export interface Fault {
  readonly code: string
  readonly message: string
  readonly next: string
}

export type FromChild =
  | { readonly type: 'ready'; readonly info: Info }
  | { readonly type: 'stats'; readonly stats: Stats }
  /** Sent before it ends by a fault of its own. */
  | { readonly type: 'failed'; readonly fault: Fault }
  | { readonly type: 'answer'; readonly id: number; readonly value: Json }
  | { readonly type: 'refusal'; readonly id: number; readonly fault: Fault }

export type ToChild =
  { readonly type: 'stop' } | { readonly type: 'ask'; readonly id: number; readonly question: string }

const FROM_CHILD: ReadonlySet<string> = new Set<FromChild['type']>(['ready', 'stats', 'failed', 'answer', 'refusal'])
const TO_CHILD: ReadonlySet<string> = new Set<ToChild['type']>(['stop', 'ask'])

/** Messages of other origin (a test runner above us) are not ours: nothing. */
export const fromChild = (message: unknown): FromChild | undefined =>
  typed(message, FROM_CHILD) ? (message as FromChild) : undefined
export const toChild = (message: unknown): ToChild | undefined =>
  typed(message, TO_CHILD) ? (message as ToChild) : undefined

const typed = (message: unknown, known: ReadonlySet<string>): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'type' in message &&
  typeof message.type === 'string' &&
  known.has(message.type)
