/**
 * Messages between a supervisor and its children over Node's IPC channel.
 *
 * The channel also detects the supervisor's death: if it closes, the child drains and ends.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Details that a child publishes when it is ready: ports, addresses. */
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
  /** Sent before a child ends because of its own error. */
  | { readonly type: 'failed'; readonly fault: Fault }
  | { readonly type: 'answer'; readonly id: number; readonly value: Json }
  | { readonly type: 'refusal'; readonly id: number; readonly fault: Fault }

export type ToChild =
  { readonly type: 'stop' } | { readonly type: 'ask'; readonly id: number; readonly question: string }

const FROM_CHILD: ReadonlySet<string> = new Set<FromChild['type']>(['ready', 'stats', 'failed', 'answer', 'refusal'])
const TO_CHILD: ReadonlySet<string> = new Set<ToChild['type']>(['stop', 'ask'])

/** Returns undefined for messages of other origin, such as a test runner that started us. */
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
