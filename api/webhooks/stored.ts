import { claim, DECISIONS, ROLLOUTS } from '../../models/experiments/index.ts'
import type { Migration } from '../../platform/clickhouse/migrate.ts'
import type { Query, Store } from '../../platform/clickhouse/port.ts'
import { REVISIONS } from '../../schemas/experiments/tables.ts'
import type { EventType, Fact } from './messages.ts'

const SUBSCRIPTIONS = 'webhook_subscription_v1'
const DELIVERIES = 'webhook_delivery_v1'

export const migrations: readonly Migration[] = [
  {
    id: 'webhooks/v1',
    statements: [
      // Order: the versions of a subscription; the last one stands. No TTL: there are a few.
      `CREATE TABLE IF NOT EXISTS ${SUBSCRIPTIONS} (id String, version UInt32, body String, written_at DateTime64(3, 'UTC') DEFAULT now64(3))
    ENGINE = MergeTree ORDER BY (id, version) SETTINGS non_replicated_deduplication_window = 10000`,
      // What became of a message; the last attempt stands. Order: the messages of a subscription. TTL: longer than
      // messages are looked for.
      `CREATE TABLE IF NOT EXISTS ${DELIVERIES} (subscription String, message String, attempt UInt32, fate LowCardinality(String), reason String,
      at_ms Int64, next_ms Int64, written_at DateTime DEFAULT now())
    ENGINE = ReplacingMergeTree(attempt) ORDER BY (subscription, message) TTL written_at + INTERVAL 90 DAY`,
    ],
  },
]

export interface Subscription {
  readonly id: string
  readonly version: number
  readonly url: string
  readonly events: readonly EventType[]
  readonly secret: string
  readonly by: string
  readonly active: boolean
  /** Facts from here on are sent: by the store's clock, which dates them too, ms. */
  readonly since: number
}

/** The subscriptions that stand. */
export const subscriptions = async (store: Store): Promise<Subscription[]> =>
  (
    await store.rows<{ body: string }>(
      `SELECT argMax(s.body, s.version) AS body FROM ${SUBSCRIPTIONS} AS s GROUP BY s.id ORDER BY s.id`,
    )
  )
    .map(({ body }) => JSON.parse(body) as Subscription)
    .filter(({ active }) => active)

/** Returns false if another version with its number was written first. */
export const storeSubscription = (store: Store, subscription: Subscription): Promise<boolean> =>
  claim(store, {
    table: SUBSCRIPTIONS,
    key: { id: subscription.id, version: subscription.version },
    body: JSON.stringify(subscription),
  })

export const storeNow = async (store: Store): Promise<number> =>
  (await store.rows<{ now: number }>('SELECT toFloat64(toUnixTimestamp64Milli(now64(3))) AS now'))[0]!.now

/** What became of a message. `away`: it is sent again at `next`; `given up`: it was away for too long. */
export interface Delivery {
  readonly message: string
  readonly attempt: number
  readonly fate: 'taken' | 'refused' | 'away' | 'given up'
  readonly reason: string
  readonly at: number
  readonly next: number
}

export const storeDelivery = (store: Store, subscription: string, delivery: Delivery): Promise<void> =>
  store.exec({
    sql: `INSERT INTO ${DELIVERIES} (subscription, message, attempt, fate, reason, at_ms, next_ms) SETTINGS async_insert = 0, insert_deduplicate = 0
      SELECT {subscription:String}, {message:String}, {attempt:UInt32}, {fate:String}, {reason:String}, {at:Int64}, {next:Int64}`,
    params: { subscription, ...delivery },
  })

const DELIVERY = 'message, attempt, fate, reason, toFloat64(at_ms) AS at, toFloat64(next_ms) AS next'

/** The last ones first. */
export const deliveriesOf = (subscription: string): Query => ({
  sql: `SELECT ${DELIVERY} FROM ${DELIVERIES} FINAL WHERE subscription = {subscription:String} ORDER BY at_ms DESC, message LIMIT 200`,
  params: { subscription },
})

/** A message that is due, with what became of it before. */
export type Due = Fact & { readonly attempts: number }

/** Messages at once. */
const MAX_DUE = 50
/** Facts are looked for this long; after it a message was given up in any case. */
const LOOKED_FOR_MS = 30 * 86_400_000

const facts = (kind: string, table: string, number: string, type: string): string =>
  `SELECT concat('${kind}:', id, ':', toString(${number})) AS id, ${type} AS type, body, toUnixTimestamp64Milli(written_at) AS at FROM ${table} WHERE written_at >= fromUnixTimestamp64Milli({since:Int64})`

/**
 * The queue of a subscription: facts that it asks for and that were neither taken, refused nor given up, oldest first.
 * Facts are stored before anybody is told of them, so nothing has to be put into a queue, or can be lost on the way.
 */
export const dueOf = ({ id, events, since }: Subscription, now: number): Query => ({
  sql: `SELECT f.id AS id, f.type AS type, f.body AS body, toFloat64(f.at) AS at, d.attempt AS attempts
    FROM (
      ${facts('decision', DECISIONS, 'number', "'experiment.decided'")}
      UNION ALL ${facts('rollout', ROLLOUTS, 'number', "concat('rollout.', JSONExtractString(body, 'kind'))")}
      UNION ALL ${facts('revision', REVISIONS, 'revision', "concat('experiment.', JSONExtractString(body, 'action'))")}
    ) AS f
    LEFT ANY JOIN (SELECT * FROM ${DELIVERIES} FINAL WHERE subscription = {subscription:String}) AS d ON d.message = f.id
    WHERE f.type IN {events:Array(String)} AND (d.fate = '' OR (d.fate = 'away' AND d.next_ms <= {now:Int64}))
    ORDER BY f.at, f.id LIMIT ${MAX_DUE}`,
  params: { subscription: id, events: [...events], since: Math.max(since, now - LOOKED_FOR_MS), now },
})
