/**
 * Sends notifications to one receiver, outside the detection loop: in order for each incident, with retries until the
 * receiver accepts them. Deliveries are recorded in the store.
 */
import type { Clock } from '../../platform/clock.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { backoffMs, jitter, type Backoff } from '../../platform/retry.ts'
import type { Post } from '../../platform/webhook.ts'
import type { Notification } from './notifications.ts'

export interface Waiting {
  readonly clock: string
  readonly notification: Notification
}

export interface DeliveryOptions {
  readonly post: Post
  readonly clock: Clock
  readonly logger: Logger
  /** Stops waiting for a receiver; a request in progress is allowed to finish, so that its answer counts. */
  readonly signal: AbortSignal
  /** What may be sent now and is not recorded as delivered: the first notification of each incident, oldest first. */
  readonly waiting: () => readonly Waiting[]
  /** Records a delivery in the store. */
  readonly settle: (clock: string, id: string) => Promise<void>
}

export interface Delivery {
  /** Sends what is waiting, unless sending is already in progress. */
  wake(): void
  /** Resolves when no request is in progress. */
  ended(): Promise<void>
}

const BACKOFF: Backoff = { firstMs: 1_000, maxMs: 300_000 }

export function openDelivery({ post, clock, logger, signal, waiting, settle }: DeliveryOptions): Delivery {
  /** Accepted by the receiver but not recorded yet, for example because the store was unavailable. */
  const answered = new Set<string>()
  let running: Promise<void> | undefined

  /** Returns false if the receiver or the store is unavailable. */
  const send = async ({ clock: name, notification: { id, body } }: Waiting): Promise<boolean> => {
    if (!answered.has(id)) {
      const { fate, reason } = await post({
        id,
        body: JSON.stringify(body),
        timestamp: Math.floor(clock.now() / 1_000),
      })
      if (fate !== 'taken')
        logger[fate === 'refused' ? 'error' : 'warn'](
          { notice: id, reason },
          fate === 'refused'
            ? 'the receiver of incidents refused a notice; it is not sent again'
            : 'the receiver of incidents is away, trying again',
        )
      if (fate === 'away') return false
      answered.add(id)
    }
    const noted = await settle(name, id).then(
      () => true,
      (error: unknown) => (
        logger.warn({ notice: id, error: errorMessage(error) }, 'a delivery was not noted, trying again'),
        false
      ),
    )
    if (noted) answered.delete(id)
    return noted
  }
  const run = async (): Promise<void> => {
    let inARow = 0
    for (let [all, failures] = [waiting(), 0]; all.length > 0 && !signal.aborted; all = waiting()) {
      // After a failure, take the next one: a notification that the receiver cannot accept must not block the others.
      if (await send(all[failures % all.length]!)) inARow = 0
      else {
        failures++
        await clock.sleep(backoffMs(BACKOFF, ++inARow, jitter), signal).catch(() => undefined)
      }
    }
  }
  return {
    wake: () => void (running ??= run().finally(() => (running = undefined))),
    ended: async () => running,
  }
}
