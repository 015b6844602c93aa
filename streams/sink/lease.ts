import type { Clock } from '../../platform/clock.ts'
import type { Generation } from '../../platform/kafka/group.ts'
import { isFenced } from '../../platform/kafka/protocol-errors.ts'

const POLL_MS = 50
/** A statement needs this long to reach the engine and be read there. */
const REST_MS = 500

/**
 * The end of a lease that still lasts a while, wall clock ms. Waits for a heartbeat when it does not; rejects when the
 * generation is over, and when the sink stops while no broker answers.
 */
export async function freshLease(clock: Clock, generation: Generation, ending: AbortSignal): Promise<number> {
  for (;;) {
    if (generation.signal.aborted && isFenced(generation.signal.reason)) throw generation.signal.reason
    const end = generation.leaseEnd()
    if (end > clock.now() + REST_MS) return end
    await clock.sleep(POLL_MS, ending)
  }
}
