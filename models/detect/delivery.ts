/**
 * Sends notifications to one receiver, beside detection: in order for each incident, again until they are taken; a
 * delivery is noted in the store.
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
  /** Ends the waiting for a receiver; a request under way is let finish, so that its answer counts. */
  readonly signal: AbortSignal
  /** What may be sent now and is not noted as delivered: the first of each incident, oldest first. */
  readonly waiting: () => readonly Waiting[]
  /** Notes a delivery in the store. */
  readonly settle: (clock: string, id: string) => Promise<void>
}

export interface Delivery {
  /** Sends what is waiting, unless it does already. */
  wake(): void
  /** Resolves when no request is under way. */
  ended(): Promise<void>
}

const BACKOFF: Backoff = { firstMs: 1_000, maxMs: 300_000 }

export function openDelivery({ post, clock, logger, signal, waiting, settle }: DeliveryOptions): Delivery {
  /** Answered for, and not noted yet: the store may have been away. */
  const answered = new Set<string>()
  let running: Promise<void> | undefined

  /** False when the receiver, or the store, is away. */
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
      // The next one after a failure: a notification that its receiver cannot take must not hold up the others.
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
