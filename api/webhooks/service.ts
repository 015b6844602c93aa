import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { formatUuid, uuidV7 } from '../../platform/ids.ts'
import type { Random } from '../../platform/random.ts'
import type { Reach } from '../../platform/reach.ts'
import { isWebhookSecret, newWebhookSecret } from '../../platform/webhook.ts'
import { fail } from '../errors.ts'
import type { EventType } from './messages.ts'
import { deliveriesOf, storeNow, storeSubscription, subscriptions, type Delivery, type Subscription } from './stored.ts'

export type Listed = Omit<Subscription, 'secret' | 'version' | 'active'>

export interface SubscriptionOrder {
  readonly by: string
  readonly url: string
  readonly events: readonly EventType[]
  readonly secret?: string
}

export interface Webhooks {
  list(): Promise<{ webhooks: Listed[] }>
  /** The answer alone has the key. */
  subscribe(order: SubscriptionOrder): Promise<Listed & { secret: string }>
  remove(id: string, by: string): Promise<void>
  deliveries(id: string): Promise<{ deliveries: Delivery[] }>
}

export interface WebhookDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly reach: Reach
}

export function openWebhooks({ store, clock, random, reach }: WebhookDeps): Webhooks {
  const one = async (id: string): Promise<Subscription> =>
    (await subscriptions(store)).find((each) => each.id === id) ?? Promise.reject(fail('API_WEBHOOK_UNKNOWN', { id }))
  return {
    list: async () => ({ webhooks: (await subscriptions(store)).map(listed) }),
    async subscribe({ by, url, events, secret = newWebhookSecret() }) {
      const fault = reach.fault(url)
      if (fault !== undefined) throw fail('API_WEBHOOK_INVALID', { problem: `url ${fault}` })
      if (!isWebhookSecret(secret))
        throw fail('API_WEBHOOK_INVALID', { problem: 'secret must be whsec_ and 24 to 64 bytes in base64' })
      const id = formatUuid(uuidV7(clock.now(), random))
      const subscription = { id, version: 1, url, events, secret, by, active: true, since: await storeNow(store) }
      await storeSubscription(store, subscription)
      return { ...listed(subscription), secret }
    },
    async remove(id, by) {
      const { version, ...subscription } = await one(id)
      // Its key is of no use any more. Of two that remove it at once, either does.
      await storeSubscription(store, { ...subscription, version: version + 1, secret: '', by, active: false })
    },
    async deliveries(id) {
      await one(id)
      return { deliveries: await store.rows<Delivery>(deliveriesOf(id)) }
    },
  }
}

const listed = ({ id, url, events, by, since }: Subscription): Listed => ({ id, url, events, by, since })
