import type { Clock } from '../../platform/clock.ts'
import { fail } from './errors.ts'

/**
 * Speed as a multiple of the data's own, from 'max', 0 or a factor; Infinity (for 'max' and 0) means as fast as
 * possible.
 */
export function readSpeed(speed: string | number): number {
  const factor = speed === 'max' || speed === 0 ? Infinity : Number(speed)
  if (speed === '' || !(factor > 0)) throw fail('REPLAY_SPEED_INVALID', { speed })
  return factor
}

/** Ms to wait before an event of `eventTime` may be sent, 0 if it is due. The first event is due at once. */
export function pacer(clock: Clock, speed: number): (eventTime: number) => number {
  if (speed === Infinity) return () => 0
  let first: number | undefined
  const start = clock.now()
  return (eventTime) => {
    first ??= eventTime
    const due = start + (eventTime - first) / speed
    return Math.max(0, due - clock.now())
  }
}
