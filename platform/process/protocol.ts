/**
 * Messages between a supervisor and its children over Node's IPC channel.
 *
 * The channel also detects the supervisor's death: if it closes, the child drains and ends. Heartbeats have a pipe of
 * their own, because the channel belongs to the event loop.
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

/** Lines on the pipe of heartbeats: all is well, or `held MS` of a process that ends because of it. */
export const BEAT_LINES = { beat: 'beat', held: 'held' } as const

/** Reads such lines: for how long the event loop was held, ms, if they say so. */
export function heldIn(lines: string): number | undefined {
  const ms = new RegExp(`^${BEAT_LINES.held} (\\d+)$`, 'm').exec(lines)?.[1]
  return ms === undefined ? undefined : Number(ms)
}

/** Time between two heartbeats, ms. */
export const BEAT_MS = 500
/** A timer that comes later than this says that the whole process or machine was paused, ms. */
export const PAUSED_MS = 2_000

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
