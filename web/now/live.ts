import { effect, signal, type ReadonlySignal } from '@preact/signals'
import type { Address } from '../shell/address.ts'
import type { Asking } from '../shell/asking.ts'
import { openFeed, type Pace } from '../shell/feed.ts'
import { merge, type Frame } from './view.ts'

/** A stream sends a message every two seconds; without one for this time it is late, ms. */
const DUE_MS = 5_000

export const paceOf = (refresh: string): Pace =>
  refresh === 'off' ? 'paused' : Number(refresh) > 0 ? Number(refresh) * 1_000 : 'live'

/** Time until new figures are due, ms. */
export function dueOf(pace: Pace): number | undefined {
  return pace === 'paused' ? undefined : pace === 'live' ? DUE_MS : 2.5 * pace
}

/** The question of the address, as parameters of the live view. */
export function questionOf(address: Address): string {
  const asked = ['clock', 'minutes', 'group', 'country', 'oca'].map((name): [string, string] => [
    name,
    address.get(name),
  ])
  return new URLSearchParams(asked.filter(([, value]) => value !== '')).toString()
}

/** The latest frame for the address: from a stream of frames and changes, or by polling. */
export function followLive(address: Address, asking: Asking): ReadonlySignal<Frame | undefined> {
  const frame = signal<Frame | undefined>()
  effect(() => {
    const [question, most] = [questionOf(address), Number(address.get('minutes'))]
    const pace = paceOf(address.get('refresh'))
    const feed = openFeed<Frame>(`/v1/qoe/live?${question}`, `/v1/qoe/live/stream?${question}`, pace, {
      take(next, change) {
        const before = frame.peek()
        if (change && before === undefined) return
        frame.value = change ? merge(before!, next, most) : next
        asking.answered()
      },
      fail: (failure) => asking.failed(failure),
    })
    return () => feed.close()
  })
  return frame
}
