import { SILENCE_MS } from '../definitions.ts'
import { CHANGE, stateNumber, UNTOLD_CHANGE, type PlainRecord } from './record.ts'

/** How a span of time counts, by number from 1: the time counters of our own player. */
export const KINDS = ['starting', 'playing', 'stall', 'seeking', 'paused', 'waiting'] as const
export type Kind = (typeof KINDS)[number]
export const kindNumber = (kind: Kind): number => KINDS.indexOf(kind) + 1
const STALL = kindNumber('stall')
/** CTA-2066 watchedTime. */
export const WATCHED_KINDS = (['starting', 'playing', 'stall', 'seeking'] as const).map(kindNumber)

/** A span of time in which the state is known, ms. */
export interface Span {
  readonly from: number
  readonly to: number
  /** See `KINDS`. */
  readonly kind: number
}

/** What the records of a session say together. Times in ms. */
export interface Reading {
  /** Whether the records include the beginning of the session. */
  readonly isBegun: boolean
  /** The playback request; if nothing tells it, the first record: a session is there from then at the latest. */
  readonly start: number
  /** When the first frame had been shown at the latest; null = nothing says that there was one. */
  readonly frame: number | null
  /** Request to first frame; -1 = no first frame; below -1 = unknown, and -2 - startup at most. */
  readonly startup: number
  readonly spans: readonly Span[]
  /** Times of the records before which time is hidden. */
  readonly gaps: readonly number[]
  readonly stalls: number
  readonly seeks: number
  readonly pauses: number
  /** The last record. */
  readonly last: Step
}

const [STARTING, PLAYING, STALLED, SEEKING, PAUSED, WAITING, PRELOADING, ENDED] = (
  ['s', 'p', 'r', 'k', 'a', 'w', 'd', 'e'] as const
).map(stateNumber) as [number, number, number, number, number, number, number, number]

/**
 * What playback was doing when it last changed: rebuffering is a stall only after playing (CTA-2066: neither in start-up
 * nor in a seek). Unknown after lost records.
 */
const PHASE = { starting: 1, playing: 2, seeking: 3, unknown: 4 } as const

/** The state that each player state sets; the others go on in the phase before. */
const PHASES: Readonly<Record<number, number>> = {
  [STARTING]: PHASE.starting,
  [PRELOADING]: PHASE.starting,
  [PLAYING]: PHASE.playing,
  [SEEKING]: PHASE.seeking,
}

/** How each state counts; rebuffering depends on the phase. Preloading is before the session. */
const KIND_OF: Readonly<Record<number, number>> = {
  [STARTING]: kindNumber('starting'),
  [PLAYING]: kindNumber('playing'),
  [SEEKING]: kindNumber('seeking'),
  [PAUSED]: kindNumber('paused'),
  [WAITING]: kindNumber('waiting'),
}
const STALL_KINDS: Readonly<Record<number, number>> = {
  [PHASE.starting]: kindNumber('starting'),
  [PHASE.playing]: kindNumber('stall'),
  [PHASE.seeking]: kindNumber('seeking'),
}

/** A record as read after those before it. */
export interface Step {
  readonly seq: number
  readonly time: number
  /** `time`; of a record that tells no state no less than that of the one before: responses are dated by requests. */
  readonly own: number
  /** Not before the record that was sent before: some players date the end of a stall before its beginning. */
  readonly at: number
  readonly told: number
  readonly isChange: boolean
  readonly delay: number
  /** As told, or as before if no record was lost since. */
  readonly state: number
  /** Whether the state of the record before held until this one. */
  readonly isLinked: boolean
  readonly phase: number
  readonly kind: number
}

/**
 * Reads the timeline of a session from its records: at least one, sorted. The state of a record holds until the next one
 * if none is lost in between, if the next one says the same or announces its change, and if it comes within SILENCE_MS;
 * all other time is hidden. `isFirst`: these are all records of the first segment, not only some minutes of it.
 *
 * levels.ts does the same in SQL; a test checks that both are equal.
 */
export function readTimeline(records: readonly PlainRecord[], isFirst: boolean): Reading {
  const isFromStart = records[0]![0] <= 1 && records.at(-1)![0] > 0
  const steps = stepsOf(records, isFromStart)
  const request = requestOf(steps)
  const isBegun = isFirst || request !== undefined || isFromStart
  const frame = frameOf(steps)
  const first = steps[0]!
  const delay =
    frame === undefined ? -1 : (steps.slice(steps.indexOf(frame)).find((step) => step.delay >= 0)?.delay ?? -1)
  const isDelayTold = request === undefined && frame !== undefined && delay >= 0 && isBegun
  const start = request?.at ?? (isDelayTold ? startBefore(first, frame.at - delay) : first.at)
  const own = steps.slice(request === undefined ? 0 : steps.indexOf(request))
  return {
    isBegun,
    start,
    frame: frame?.at ?? null,
    startup: startupOf(steps, { request, frame, delay, start }),
    spans: spansOf(
      own,
      isDelayTold && start < first.at ? [{ from: start, to: first.at, kind: kindNumber('starting') }] : [],
    ),
    gaps: gapsOf(steps, isBegun),
    last: steps.at(-1)!,
    // Asked for by sessions alone.
    get stalls() {
      return runs(own, ({ kind }) => kind === STALL)
    },
    get seeks() {
      return runs(own, ({ state }) => state === SEEKING)
    },
    get pauses() {
      return runs(own, ({ state, phase }) => state === PAUSED && phase !== PHASE.starting)
    },
  }
}

function stepsOf(records: readonly PlainRecord[], isFromStart: boolean): Step[] {
  const isUnnumbered = records.at(-1)![0] === 0
  const steps: Step[] = []
  let before: Step | undefined
  for (const record of records) steps.push((before = stepAfter(before, record, { isUnnumbered, isFromStart })))
  return steps
}

/** What a record means after the one before it. */
export function stepAfter(
  before: Step | undefined,
  [seq, time, code, delay]: PlainRecord,
  { isUnnumbered, isFromStart }: { readonly isUnnumbered: boolean; readonly isFromStart: boolean },
): Step {
  const [told, isChange] = [code % CHANGE, code >= CHANGE]
  const isNext = before !== undefined && (seq === before.seq + 1 || isUnnumbered)
  const isCarried = told === 0 && before !== undefined
  const own = isCarried ? Math.max(time, before.own) : time
  const at = isCarried ? Math.max(own, before.at) : Math.max(own, before?.own ?? own)
  const state = !isCarried ? told : isNext ? before.state : UNTOLD_CHANGE
  const isLinked = isNext && (state === before.state || isChange) && at - before.at <= SILENCE_MS
  const carried = before === undefined ? (isFromStart ? PHASE.starting : PHASE.unknown) : before.phase
  const phase = PHASES[state] ?? (isLinked || before === undefined ? carried : PHASE.unknown)
  const kind = (state === STALLED ? STALL_KINDS[phase] : KIND_OF[state]) ?? 0
  return { seq, time, own, at, told, isChange, delay, state, isLinked, phase, kind }
}

/** The record of the playback request, if it came before the first frame. */
function requestOf(steps: readonly Step[]): Step | undefined {
  const frame = frameOf(steps)
  const request = steps.find(({ told, isChange }) => told === STARTING && isChange)
  return request !== undefined && (frame === undefined || steps.indexOf(request) < steps.indexOf(frame))
    ? request
    : undefined
}

/** The first record that shows a first frame; where no record tells a state, the first with a start-up delay. */
function frameOf(steps: readonly Step[]): Step | undefined {
  const isStateless = steps.every(({ told }) => told === 0 || told === UNTOLD_CHANGE)
  return steps.find(({ told, delay }) => (isStateless ? delay >= 0 : told === PLAYING || told === ENDED))
}

/** The session has begun by its first record, unless that one only preloads. */
const startBefore = (first: Step, start: number): number =>
  first.state === PRELOADING ? start : Math.min(start, first.at)

function startupOf(
  steps: readonly Step[],
  {
    request,
    frame,
    delay,
    start,
  }: { request: Step | undefined; frame: Step | undefined; delay: number; start: number },
): number {
  if (frame === undefined) return -1
  const waited = Math.max(frame.at - start, 0)
  const isSeen =
    request !== undefined &&
    steps.slice(steps.indexOf(request) + 1, steps.indexOf(frame) + 1).every(({ isLinked }) => isLinked)
  if (isSeen) return waited
  return delay >= 0 ? delay : -2 - waited
}

function spansOf(steps: readonly Step[], lead: readonly Span[]): Span[] {
  const spans = [...lead]
  for (let i = 1; i < steps.length; i++) {
    const span = spanTo(steps[i]!, steps[i - 1]!)
    if (span !== undefined) spans.push(span)
  }
  return spans
}

/** The span in which the state before held, if that is known. */
export const spanTo = ({ isLinked, at: to }: Step, { at: from, kind }: Step): Span | undefined =>
  isLinked && kind > 0 && to > from ? { from, to, kind } : undefined

function gapsOf(steps: readonly Step[], isBegun: boolean): number[] {
  const gaps: number[] = []
  for (let i = isBegun ? 1 : 0; i < steps.length; i++) if (!steps[i]!.isLinked) gaps.push(steps[i]!.time)
  return gaps
}

/** Number of runs of neighbours that meet the condition. */
const runs = (steps: readonly Step[], is: (step: Step) => boolean): number =>
  steps.filter((step, i) => is(step) && (i === 0 || !is(steps[i - 1]!))).length
