import type { Clock } from '../../platform/clock.ts'
import type { Generation } from '../../platform/kafka/group.ts'
import { isFenced } from '../../platform/kafka/protocol-errors.ts'

const POLL_MS = 50
/** Time that a statement needs to reach the engine and be read there. */
const REST_MS = 500

/**
 * The end of a lease with enough time left, wall clock in ms. Waits for a heartbeat if too little time is left; rejects
 * when the generation is over, or when the sink stops while no broker answers.
 */
export async function freshLease(clock: Clock, generation: Generation, ending: AbortSignal): Promise<number> {
  for (;;) {
    if (generation.signal.aborted && isFenced(generation.signal.reason)) throw generation.signal.reason
    const end = generation.leaseEnd()
    if (end > clock.now() + REST_MS) return end
    await clock.sleep(POLL_MS, ending)
  }
}
