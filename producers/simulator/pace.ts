/**
 * Real time for the world: its past as fast as it goes, its present at a speed, never faster than the collector takes
 * it.
 */
import type { Clock } from '../../platform/clock.ts'

/** What is paced; a World is one. */
export interface Paced {
  readonly now: number
  readonly nextAt: number
  step(): void
  runUntil(until: number): void
  /** World time that it must not pass before `answered` resolves; none unless given. */
  readonly heldAt?: number
  answered?(): Promise<void>
}

/** Where its events go. */
export interface Outlet {
  /** False when the last event filled it. */
  readonly open: boolean
  /** Resolves when there is room. */
  ready(): Promise<void>
}

export interface PaceOptions {
  readonly clock: Clock
  /** World milliseconds a millisecond; Infinity = as fast as it goes. */
  readonly speed: number
  /** World time until which it goes as fast as it can. */
  readonly liveFrom: number
  readonly signal: AbortSignal
  /** Told after every slice of work. */
  readonly onSlice?: () => void
}

/** Longest stretch of work without giving the event loop a turn, ms: answers are read in between. */
const SLICE_MS = 20
const TICK_MS = 25
/** Steps between looks at the clock. */
const STEPS = 32

/** Runs until the signal; resolves then. */
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

/** How long those who leave may take to say so, ms: a collector that is down must not hold up the end. */
const LEAVE_MS = 8_000

/**
 * Lets everybody leave, never faster than the collector takes it. Whoever comes too late is cut off without a word, as
 * on a real device.
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

/** Waits for `event`, or until the signal: a collector that is down must not hold up the end. */
async function until(signal: AbortSignal, event: Promise<void>): Promise<void> {
  let stop = (): void => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
    signal.addEventListener('abort', stop, { once: true })
  })
  await Promise.race([event, stopped])
  signal.removeEventListener('abort', stop)
}
