import type { Clock } from '../../platform/clock.ts'
import type { Epoch } from '../../platform/kafka/group.ts'
import { isFenced } from '../../platform/kafka/protocol-errors.ts'

const POLL_MS = 50
/** A statement needs this long to reach the engine and be read there. */
const REST_MS = 500

/**
 * The end of a lease that still lasts a while, wall clock ms. Waits for a heartbeat when it does not; rejects when the
 * epoch
 * is over, and when the sink stops while no broker answers.
 */
export async function freshLease(clock: Clock, epoch: Epoch, ending: AbortSignal): Promise<number> {
  for (;;) {
    if (epoch.signal.aborted && isFenced(epoch.signal.reason)) throw epoch.signal.reason
    const end = epoch.leaseEnd()
    if (end > clock.now() + REST_MS) return end
    await clock.sleep(POLL_MS, ending)
  }
}
