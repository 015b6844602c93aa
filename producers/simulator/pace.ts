/**
 * Paces the world in real time: its past as fast as possible, its present at a set speed, never faster than the
 * collector accepts events.
 */
import type { Clock } from '../../platform/clock.ts'

/** A process that can be paced, such as a World. */
export interface Paced {
  readonly now: number
  readonly nextAt: number
  step(): void
  runUntil(until: number): void
  /** World time that it must not pass before `answered` resolves; no limit if absent. */
  readonly heldAt?: number
  answered?(): Promise<void>
}

/** Destination of its events. */
export interface Outlet {
  /** False if the last event filled it. */
  readonly open: boolean
  /** Resolves when there is space. */
  ready(): Promise<void>
}

export interface PaceOptions {
  readonly clock: Clock
  /** World milliseconds per millisecond; Infinity means as fast as possible. */
  readonly speed: number
  /** World time until which it runs as fast as possible. */
  readonly liveFrom: number
  readonly signal: AbortSignal
  /** Called after every slice of work. */
  readonly onSlice?: () => void
}

/** Maximum time of work before yielding to the event loop, ms, so that answers can be read. */
const SLICE_MS = 20
const TICK_MS = 25
/** Steps between readings of the clock. */
const STEPS = 32

/** Runs until the signal aborts, then resolves. */
export async function pace(
  world: Paced,
  outlet: Outlet,
  { clock, speed, liveFrom, signal, onSlice }: PaceOptions,
): Promise<void> {
  const catchUp = async (target: () => number): Promise<void> => {
    while (!signal.aborted && world.nextAt <= target()) {
      slice(world, outlet, clock, target())
      onSlice?.()
      if (isHeld(world)) await until(signal, world.answered!())
      else await (outlet.open ? clock.sleep(0) : until(signal, outlet.ready()))
    }
  }
  await catchUp(() => liveFrom)
  if (signal.aborted) return
  world.runUntil(liveFrom)
  const startedAt = clock.now()
  const target = (): number => (speed === Infinity ? Infinity : liveFrom + (clock.now() - startedAt) * speed)
  while (!signal.aborted) {
    await catchUp(target)
    if (signal.aborted) return
    world.runUntil(target())
    await clock.sleep(TICK_MS, signal).catch(() => undefined)
  }
}

/** Maximum time for ending all sessions, ms: an unavailable collector must not delay the shutdown. */
const LEAVE_MS = 8_000

/**
 * Ends all sessions at the rate that the collector accepts. Sessions that do not end in time are dropped, as on a real
 * device.
 */
export async function leave(leaving: Iterable<void>, outlet: Outlet, clock: Clock): Promise<void> {
  const over = new AbortController()
  const limit = new AbortController()
  const deadline = clock.sleep(LEAVE_MS, over.signal).then(
    () => limit.abort(),
    () => undefined,
  )
  for (const _ of leaving) {
    if (!outlet.open) await until(limit.signal, outlet.ready())
    if (limit.signal.aborted) break
  }
  over.abort()
  await deadline
}

const isHeld = ({ nextAt, heldAt = Infinity }: Paced): boolean => nextAt > heldAt

function slice(world: Paced, outlet: Outlet, clock: Clock, target: number): void {
  const until = clock.now() + SLICE_MS
  const goesOn = (): boolean => outlet.open && world.nextAt <= target && !isHeld(world)
  while (goesOn()) {
    for (let i = 0; i < STEPS && goesOn(); i++) world.step()
    if (clock.now() >= until) return
  }
}

/** Waits for `event` or the signal: an unavailable collector must not delay the shutdown. */
async function until(signal: AbortSignal, event: Promise<void>): Promise<void> {
  let stop = (): void => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
    signal.addEventListener('abort', stop, { once: true })
  })
  await Promise.race([event, stopped])
  signal.removeEventListener('abort', stop)
}
