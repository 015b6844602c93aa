import type { Clock } from '../../platform/clock.ts'
import { fail } from './errors.ts'

/** Times the pace of the data, from 'max', 0 (both: as fast as it goes) or a factor; Infinity = as fast as it goes. */
export function readSpeed(speed: string | number): number {
  const factor = speed === 'max' || speed === 0 ? Infinity : Number(speed)
  if (speed === '' || !(factor > 0)) throw fail('REPLAY_SPEED_INVALID', { speed })
  return factor
}

/** Ms to wait before an event of `eventTime` may go, 0 when it is due. The first event is due at once. */
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
