import type { Query, Store } from '../../platform/clickhouse/port.ts'
import type { Clock } from '../../platform/clock.ts'
import type { LogMessage, LogProducer } from '../../platform/kafka/port.ts'
import { createProducer } from '../../platform/kafka/producer.ts'
import type { RoleContext } from '../../platform/role.ts'
import { KEY_LIMIT_BYTES } from './dead-letters.ts'

/** Which dead letters to replay; by default all that can be replayed. */
export interface DeadLetterChoice {
  readonly topic?: string
  readonly code?: string
}

export interface ReplayedDeadLetters {
  /** Sent to their topic again and acknowledged. */
  readonly replayed: number
  /** Incomplete: only the first 256 KiB were kept. */
  readonly truncated: number
  /** Nothing to send: the value was null. */
  readonly empty: number
}

/** `playloop dead-letters replay`: sends dead letters from the configured store to the configured log again. */
export async function replayDeadLetters(
  { config, clock }: RoleContext,
  { store, choice = {} }: { readonly store: Store; readonly choice?: DeadLetterChoice },
): Promise<ReplayedDeadLetters> {
  const producer = createProducer(config.kafka.brokers, { clientId: 'playloop-letters' })
  try {
    return await resendDeadLetters({ store, producer, clock }, choice)
  } finally {
    await producer.close()
  }
}

/**
 * Sends dead letters back to their original topic, byte for byte, under new offsets. If the cause is fixed they land;
 * otherwise they become dead letters of their new place. Each one is recorded after it is acknowledged. A crash between
 * the two sends it again, and its event id prevents double counting.
 */
export async function resendDeadLetters(
  { store, producer, clock }: { readonly store: Store; readonly producer: LogProducer; readonly clock: Clock },
  choice: DeadLetterChoice = {},
): Promise<ReplayedDeadLetters> {
  const [left] = await store.rows<{ truncated: number; empty: number }>(notReplayable(choice))
  let replayed = 0
  for (;;) {
    const letters = await store.rows<StoredDeadLetter>(nextDeadLetters(choice, BATCH))
    if (letters.length === 0) return { replayed, truncated: left?.truncated ?? 0, empty: left?.empty ?? 0 }
    for (const [topic, own] of Map.groupBy(letters, ({ topic }) => topic))
      await producer.send(topic, own.map(toMessage))
    await store.exec(
      note(
        letters.map(({ id }) => id),
        clock.now(),
      ),
    )
    replayed += letters.length
  }
}

interface StoredDeadLetter {
  /** Hex of its event_id. */
  readonly id: string
  readonly topic: string
  readonly key: string
  readonly value: string
}

/** At 256 KiB each, as hex: about 25 MB in the engine and here. */
const BATCH = 50

const toMessage = ({ key, value }: StoredDeadLetter): LogMessage => ({
  key: Buffer.from(key, 'hex'),
  value: Buffer.from(value, 'hex'),
})

/** A truncated key would select another partition. */
const WHOLE = `raw_size = length(raw) AND length(ifNull(raw_key, '')) < ${KEY_LIMIT_BYTES}`
const CHOSEN = `({topic:String} = '' OR source_topic = {topic:String}) AND ({code:String} = '' OR error_code = {code:String}) AND error_code != 'id_reuse'`
const choiceParams = ({ topic = '', code = '' }: DeadLetterChoice): { topic: string; code: string } => ({ topic, code })

/** A dead letter may be stored twice (sent again after a crash): one of its rows is enough. */
const nextDeadLetters = (choice: DeadLetterChoice, limit: number): Query => ({
  sql: `SELECT lower(hex(event_id)) AS id, source_topic AS topic, lower(hex(ifNull(raw_key, ''))) AS key, lower(hex(raw)) AS value
FROM dead_letters
WHERE ${CHOSEN} AND raw_size > 0 AND ${WHOLE} AND event_id NOT IN (SELECT event_id FROM dead_letters_replayed_v1)
ORDER BY source_topic, source_partition, source_offset
LIMIT 1 BY event_id
LIMIT {limit:UInt32}`,
  params: { ...choiceParams(choice), limit },
})

const notReplayable = (choice: DeadLetterChoice): Query => ({
  sql: `SELECT toUInt32(uniqExactIf(event_id, NOT (${WHOLE}))) AS truncated, toUInt32(uniqExactIf(event_id, raw_size = 0)) AS empty
FROM dead_letters WHERE ${CHOSEN}`,
  params: choiceParams(choice),
})

const note = (ids: readonly string[], now: number): Query => ({
  sql: `INSERT INTO dead_letters_replayed_v1 (event_id, replayed_time) SETTINGS async_insert = 0, insert_deduplication_token = 'replayed-${ids[0]}-${ids.length}'
SELECT toFixedString(unhex(id), 16), fromUnixTimestamp64Milli({now:Int64}) FROM (SELECT arrayJoin({ids:Array(String)}) AS id)`,
  params: { ids, now },
})
