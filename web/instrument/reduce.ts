import { factsOf } from './facts.ts'
import { add, begin, isOver, ZERO, type State } from './state.ts'
import { frames, movedBy, pass } from './time.ts'
import type { Action, Dimensions, Failure, Gauges, Loaded, Out, Phase, Sight } from './types.ts'

/** Seeks within this time are one (Mux), ms. */
const ONE_SEEK_MS = 2_000
/** A start that takes longer has failed, ms. */
const START_TIMEOUT_MS = 60_000

/** A state of the instrument: undefined before the playback request. */
export interface Step {
  readonly state: State | undefined
  readonly out: readonly Out[]
}

/**
 * Applies one look at the element and one action: the next state, and the records to send. Pure. `outset`: initial
 * values of an instance that begins now.
 *
 * The observed state of the element decides; events add only what no look can see (a seek that is over at the next
 * look). So an event that is repeated, late or missing changes nothing that the next look would not correct.
 */
export function reduce(state: State | undefined, seen: Sight, action: Action, outset: Dimensions & Gauges): Step {
  const sight = action.type === 'seeking' ? { ...seen, seeking: true } : seen
  if (state === undefined || isOver(state))
    return starts(state, sight, action) ? emit([], begin(sight, outset), sight, 'ps') : { state, out: [] }
  const moved = movedBy(state, sight)
  const next = phaseOf(state, sight, action, moved)
  const settle = next !== state.phase || action.type === 'update' || action.type === 'error'
  const passed = frames(pass(state, sight, moved, settle), sight)
  return act(state, turn(state, passed, sight, next), sight, action)
}

/** A playback begins when it is requested; after it has ended, a later request begins a new one. */
const starts = (state: State | undefined, { at, paused, ended }: Sight, { type }: Action): boolean =>
  !ended &&
  !paused &&
  (type === 'play' ? at > (state?.seen ?? 0) : state === undefined && (type === 'look' || type === 'playing'))

/** The current state of the element. */
function phaseOf({ phase, startup }: State, { ended, paused, seeking }: Sight, { type }: Action, moved: number): Phase {
  const goes = type === 'playing' || moved > 0
  if (type === 'leave') return 'q'
  if (ended) return 'e'
  if (paused) return 'a'
  if (startup === null) return goes && !seeking ? 'p' : 's'
  if (seeking) return 'k'
  return phase === 'k' && !goes ? 'k' : phase === 'r' && moved === 0 ? 'r' : 'p'
}

/** Records a change of state; `passed` may already contain a stall. */
function turn(before: State, passed: State, sight: Sight, wanted: Phase): Step {
  const phase = wanted === 'p' && passed.phase === 'r' && before.phase === 'p' ? 'r' : wanted
  const sought = soughtOf(passed, sight)
  const counted = phase === 'a' && before.phase !== 'a' ? add(sought, { pause_count: 1 }) : sought
  const startup =
    phase === 'p' ? (before.startup ?? before.startingBefore + counted.counters.starting_ms) : before.startup
  const leap = (sight.seeking || before.last.seeking) && sight.position !== before.last.position
  const state: State = { ...counted, phase, startup, seen: sight.at, last: sight }
  // The record of a seek has the position before it: what was watched ends there.
  const step =
    phase === before.phase
      ? { state, out: [] }
      : emit(
          [],
          state,
          leap ? { ...sight, position: before.last.position } : sight,
          'ps',
          phase === 'e' ? 'finished' : phase === 'q' ? 'quit' : '',
        )
  return leap ? { ...step, state: { ...step.state!, watchedFrom: sight.position } } : step
}

function soughtOf(state: State, { at, seeking }: Sight): State {
  if (!seeking) return state
  const fresh = state.startup !== null && at - state.soughtAt > ONE_SEEK_MS
  return { ...(fresh ? add(state, { seek_count: 1 }) : state), soughtAt: at }
}

/** Applies what was observed in addition to the element's own states. */
function act({ last }: State, step: Step, sight: Sight, action: Action): Step {
  const state = step.state!
  if (isOver(state)) return step
  if (action.type === 'error') return fail(step, sight, action.failure, action.failure.fatal ? 'failed' : '')
  if (state.phase === 's' && state.startingBefore + state.counters.starting_ms >= START_TIMEOUT_MS)
    return fail(step, sight, LATE, 'start_timeout')
  if (action.type === 'beat') return emit(step.out, state, sight, 't')
  if (action.type === 'update') return update(step, sight, action)
  if (state.startup === null) return step
  if (!state.bitrateTold && last.height > 0 && sight.height > 0 && last.height !== sight.height)
    return switched(step, sight, sight.height > last.height)
  return last.rate === sight.rate ? step : emit(step.out, state, sight, 'pr')
}

const LATE: Failure = { code: 'START_TIMEOUT', kind: 'technical', fatal: true }

const switched = ({ state, out }: Step, sight: Sight, up: boolean): Step =>
  emit(out, add(state!, up ? { switches_up: 1 } : { switches_down: 1 }), sight, 'bc')

function fail({ state, out }: Step, sight: Sight, { code, kind, fatal }: Failure, reason: string): Step {
  const counted = add(state!, { [`errors_${kind}`]: 1, errors_fatal: fatal ? 1 : 0 })
  return emit(out, fatal ? { ...counted, phase: 'f' } : counted, sight, 'e', reason, { code, kind })
}

interface Update {
  readonly dimensions?: Partial<Dimensions>
  readonly gauges?: Partial<Gauges>
  readonly loaded?: Partial<Loaded>
}

function update({ state, out }: Step, sight: Sight, { dimensions = {}, gauges = {}, loaded = {} }: Update): Step {
  const grown = add(state!, loaded)
  const left = Object.entries(dimensions).some(([name, value]) => grown[name as keyof Dimensions] !== value)
  const step = left ? segment(out, grown, sight, dimensions) : { state: grown, out }
  const from = step.state!.bitrate_kbps
  const to = gauges.bitrate_kbps ?? from
  const known: State = { ...step.state!, ...gauges, bitrateTold: grown.bitrateTold || to !== null }
  const shown = { ...step, state: known }
  return from === to || from === null || to === null || known.startup === null
    ? shown
    : switched(shown, sight, to > from)
}

/** Ends the segment with its final record; the next begins with other dimensions and counters at 0. */
function segment(out: readonly Out[], state: State, sight: Sight, dimensions: Partial<Dimensions>): Step {
  const closed = emit(out, state, sight, 'pe', '', undefined, true)
  const startingBefore = state.startingBefore + state.counters.starting_ms
  return {
    out: closed.out,
    state: {
      ...closed.state!,
      ...dimensions,
      counters: ZERO,
      startingBefore,
      segment: state.segment + 1,
      segmentStart: sight.at,
    },
  }
}

function emit(
  out: readonly Out[],
  state: State,
  sight: Sight,
  event: string,
  reason = '',
  error?: { readonly code: string; readonly kind: string },
  final = false,
): Step {
  return {
    state: { ...state, seq: state.seq + 1 },
    out: [...out, { facts: factsOf(state, sight, event, reason, error), final }],
  }
}
