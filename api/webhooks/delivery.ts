import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Job } from '../../platform/jobs/index.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Random } from '../../platform/random.ts'
import type { Reach } from '../../platform/reach.ts'
import { backoffMs, type Backoff } from '../../platform/retry.ts'
import { openWebhook } from '../../platform/webhook.ts'
import { payloadOfFact } from './messages.ts'
import { dueOf, storeDelivery, subscriptions, type Delivery, type Due, type Subscription } from './stored.ts'

export interface DeliveryDeps {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly random: Pick<Random, 'next'>
  readonly reach: Reach
}

const BACKOFF: Backoff = { firstMs: 5_000, maxMs: 3_600_000 }
/** A receiver that is away for longer is not told any more, ms. */
const GIVE_UP_MS = 3 * 86_400_000

/**
 * Sends what is due to every subscription; returns the number of messages. A message is recorded after the receiver has
 * answered: killed in between, it is sent again under the same id, which receivers drop.
 */
export async function deliver(deps: DeliveryDeps): Promise<number> {
  const sent = (await subscriptions(deps.store)).map((each) =>
    deliverTo(deps, each).catch((error: unknown) => {
      deps.logger.warn({ webhook: each.id, error: errorMessage(error) }, 'a webhook was not told, trying again')
      return 0
    }),
  )
  return (await Promise.all(sent)).reduce((sum, count) => sum + count, 0)
}

/** Oldest first, but order is not promised: a message that the receiver cannot take must not hold up the others. */
async function deliverTo(deps: DeliveryDeps, subscription: Subscription): Promise<number> {
  const { store, clock, reach } = deps
  const post = openWebhook(subscription.url, subscription.secret, reach)
  let sent = 0
  for (const due of await store.rows<Due>(dueOf(subscription, clock.now()))) {
    const timestamp = Math.floor(clock.now() / 1_000)
    const delivery = afterAnswer(due, await post({ id: due.id, body: payloadOfFact(due), timestamp }), deps)
    await storeDelivery(store, subscription.id, delivery)
    if (delivery.fate === 'taken') sent++
    else deps.logger.warn({ webhook: subscription.id, ...delivery }, 'a webhook was not taken')
    if (delivery.fate === 'away') break
  }
  return sent
}

function afterAnswer(
  { id, at, attempts }: Due,
  { fate, reason }: Pick<Delivery, 'reason'> & { readonly fate: 'taken' | 'refused' | 'away' },
  { clock, random }: Pick<DeliveryDeps, 'clock' | 'random'>,
): Delivery {
  const [now, attempt] = [clock.now(), attempts + 1]
  const isLate = fate === 'away' && now - at > GIVE_UP_MS
  return {
    message: id,
    attempt,
    fate: isLate ? 'given up' : fate,
    reason,
    at: now,
    next: now + Math.ceil(backoffMs(BACKOFF, attempt, random)),
  }
}

/** Looks this often for what happened, ms. */
const LOOK_MS = 2_000

export const deliveryJob = (deps: DeliveryDeps): Job => ({
  name: 'webhooks.deliveries',
  idleMs: LOOK_MS,
  share: 0.25,
  step: () => deliver(deps),
})
