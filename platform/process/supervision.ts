/**
 * Decides which process must run, when it is restarted, and in which order all end: a pure function of events and time.
 *
 * Processes start in the order of the specs, each as soon as its dependencies are ready. They stop in reverse order,
 * one after the other, so that data already sent is still accepted. A process that fails before it was ever ready will
 * not recover by itself (a port in use, a wrong setting), so everything stops. One that was ready before is restarted,
 * with a growing pause; one whose heartbeat stops is killed and then restarted.
 *
 * Times are those of a monotonic clock: the wall clock may be set at any moment.
 */
import { PAUSED_MS } from './protocol.ts'

export interface ChildSpec {
  readonly name: string
  /** Processes that must have been ready once before this one starts. */
  readonly after: readonly string[]
  readonly startLimitMs: number
  readonly stopLimitMs: number
}

export type Phase = 'waiting' | 'starting' | 'ready' | 'resting' | 'stopping' | 'ended'

export interface Child {
  readonly phase: Phase
  /** When it entered this phase, ms. */
  readonly since: number
  readonly everReady: boolean
  readonly restarts: number
  /** Pause before its next start, ms. */
  readonly pauseMs: number
  /** The stop message was sent. */
  readonly told: boolean
  /** Last heartbeat, ms; undefined before the first one of a run, until it is ready. */
  readonly heard?: number | undefined
  /** Why it was killed. */
  readonly killedFor?: keyof typeof KILL_REASONS | undefined
}

/** Why a process is killed: it did not become ready in time, or it no longer sends heartbeats. */
const KILL_REASONS = { late: 'it was not ready in time', silent: 'it was silent for 5 s' } as const

export interface Supervision {
  /** Time of the last event, ms. */
  readonly now: number
  readonly children: Readonly<Record<string, Child>>
  readonly stopping: boolean
  /** Why everything stopped, if no stop was requested. */
  readonly failure?: { readonly name: string; readonly reason: string }
}

export type SupervisionEvent =
  | { readonly type: 'tick'; readonly now: number }
  | { readonly type: 'ready' | 'beat'; readonly now: number; readonly name: string }
  | { readonly type: 'exited'; readonly now: number; readonly name: string; readonly reason: string }
  /** Stops everything. */
  | { readonly type: 'stop'; readonly now: number }
  /** One process has done its work and ends for good. */
  | { readonly type: 'finish'; readonly now: number; readonly name: string }

export interface SupervisionAction {
  readonly do: 'start' | 'stop' | 'kill'
  readonly name: string
}

export interface Step {
  readonly state: Supervision
  readonly actions: readonly SupervisionAction[]
}

export const FIRST_PAUSE_MS = 250
export const LONGEST_PAUSE_MS = 10_000
/** A process that ran this long starts again with the first pause. */
export const STEADY_MS = 30_000
/** A process without a heartbeat for this long is frozen: ten heartbeats, which need no event loop. */
export const SILENT_MS = 5_000

const FRESH: Child = {
  phase: 'waiting',
  since: 0,
  everReady: false,
  restarts: 0,
  pauseMs: FIRST_PAUSE_MS,
  told: false,
}

export function begin(specs: readonly ChildSpec[], now: number): Step {
  const children = Object.fromEntries(specs.map(({ name }) => [name, { ...FRESH, since: now }]))
  return advance(specs, { now, children, stopping: false }, now)
}

export function step(specs: readonly ChildSpec[], state: Supervision, event: SupervisionEvent): Step {
  return advance(specs, apply(resumed(state, event.now), event), event.now)
}

/** After a pause of its own, as of a suspended machine, the supervisor gives every process its full time again. */
function resumed(state: Supervision, now: number): Supervision {
  if (now - state.now <= PAUSED_MS) return { ...state, now }
  const heard = ([name, child]: [string, Child]): [string, Child] => [
    name,
    child.heard === undefined ? child : { ...child, heard: now },
  ]
  return { ...state, now, children: Object.fromEntries(Object.entries(state.children).map(heard)) }
}

export const allEnded = (state: Supervision): boolean =>
  Object.values(state.children).every(({ phase }) => phase === 'ended')
export const allReady = (state: Supervision): boolean =>
  Object.values(state.children).every(({ phase }) => phase === 'ready')

function apply(state: Supervision, event: SupervisionEvent): Supervision {
  switch (event.type) {
    case 'tick':
      return state
    case 'stop':
      return { ...state, stopping: true }
    case 'ready':
      return change(state, event.name, (child) =>
        child.phase === 'starting' ? { phase: 'ready', since: event.now, everReady: true, heard: event.now } : {},
      )
    case 'beat':
      return change(state, event.name, () => ({ heard: event.now }))
    case 'finish':
      return change(state, event.name, (child) => finishing(child, event.now))
    case 'exited':
      return exited(state, event.name, event.reason, event.now)
  }
}

/** A process that is not running has already ended; `advance` sends the stop message to a running one. */
const finishing = ({ phase }: Child, now: number): Partial<Child> =>
  phase === 'waiting' || phase === 'resting'
    ? { phase: 'ended', since: now }
    : phase === 'ended'
      ? {}
      : { phase: 'stopping', since: now }

function exited(state: Supervision, name: string, how: string, now: number): Supervision {
  const child = state.children[name]!
  const reason = reasonOf(child, how)
  if (state.stopping || child.phase === 'stopping') return change(state, name, () => ({ phase: 'ended', since: now }))
  if (!child.everReady)
    return {
      ...change(state, name, () => ({ phase: 'ended', since: now })),
      stopping: true,
      failure: { name, reason },
    }
  const steady = child.phase === 'ready' && now - child.since >= STEADY_MS
  const pauseMs = steady || child.restarts === 0 ? FIRST_PAUSE_MS : Math.min(child.pauseMs * 2, LONGEST_PAUSE_MS)
  return change(state, name, () => ({
    phase: 'resting',
    since: now,
    restarts: child.restarts + 1,
    pauseMs,
  }))
}

/** Why a process ended: what it was killed for, else `how` it ended. */
export const reasonOf = ({ killedFor }: Child, how: string): string =>
  killedFor === undefined ? how : KILL_REASONS[killedFor]

function change(state: Supervision, name: string, how: (child: Child) => Partial<Child>): Supervision {
  const child = state.children[name]
  return child === undefined
    ? state
    : { ...state, children: { ...state.children, [name]: { ...child, ...how(child) } } }
}

/** Applies all actions that are due now. */
function advance(specs: readonly ChildSpec[], before: Supervision, now: number): Step {
  let state = before.stopping ? stopNext(specs, before, now) : before
  const actions: SupervisionAction[] = []
  for (const spec of specs) {
    const due = dueOf(spec, state.children[spec.name]!, state, now)
    if (due === undefined) continue
    actions.push({ do: due.action, name: spec.name })
    state = change(state, spec.name, () => due.becomes)
  }
  return { state, actions }
}

interface Due {
  readonly action: SupervisionAction['do']
  readonly becomes: Partial<Child>
}

function dueOf(spec: ChildSpec, child: Child, state: Supervision, now: number): Due | undefined {
  const age = now - child.since
  const isSilent = child.heard !== undefined && now - child.heard >= SILENT_MS
  switch (child.phase) {
    case 'waiting':
      return !state.stopping && spec.after.every((name) => state.children[name]?.everReady === true)
        ? start(now)
        : undefined
    case 'resting':
      return !state.stopping && age >= child.pauseMs ? start(now) : undefined
    case 'starting':
      if (isSilent) return kill('silent')
      return age >= spec.startLimitMs ? kill('late', { since: now }) : undefined
    case 'stopping':
      if (!child.told) return { action: 'stop', becomes: { told: true, since: now } }
      return age >= spec.stopLimitMs ? { action: 'kill', becomes: { since: now } } : undefined
    case 'ready':
      return isSilent ? kill('silent') : undefined
    case 'ended':
      return undefined
  }
}

const start = (now: number): Due => ({
  action: 'start',
  becomes: { phase: 'starting', since: now, heard: undefined, killedFor: undefined },
})
/** Once is enough: until the next start nothing is expected of it. */
const kill = (killedFor: keyof typeof KILL_REASONS, becomes: Partial<Child> = {}): Due => ({
  action: 'kill',
  becomes: { ...becomes, killedFor, heard: undefined },
})

/** Stops the last process that has not ended; the next one follows when it has. */
function stopNext(specs: readonly ChildSpec[], before: Supervision, now: number): Supervision {
  let state = before
  for (const { name } of specs.toReversed()) {
    const { phase } = state.children[name]!
    if (phase === 'stopping') return state
    if (phase === 'ended') continue
    const runs = phase === 'ready' || phase === 'starting'
    state = change(state, name, () => ({ phase: runs ? 'stopping' : 'ended', since: now }))
    if (runs) return state
  }
  return state
}
