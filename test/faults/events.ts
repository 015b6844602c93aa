import { openCatalogue } from '../../platform/avro/catalogue.ts'
import { openCodec } from '../../platform/avro/codec.ts'
import type { LogMessage } from '../../platform/kafka/port.ts'
import type { TopicDraft } from '../../schemas/generated/records.ts'
import { TOPICS, type TopicName } from '../../schemas/topics.ts'
import { olderEncoder } from './schemas.ts'

/** Events of one topic by number: the same number gives the same event. */
export interface EventSource {
  readonly topic: TopicName
  /** 16 bytes: which source, then the number. */
  id(n: number): Buffer
  message(n: number): LogMessage
}

const SESSIONS = 300
const START = Date.now() - 3_600_000

/** A player that reports by CMCD alone and counts nothing. */
const PLAIN = { source: 'cmcd' } as const
/** What a player of ours has counted once it has played for so long, ms. */
const countersAt = (played: number) => ({
  startup_ms: 700,
  starting_ms: 700,
  playing_ms: played,
  media_ms: played,
  bits_played: played * 4_000,
  stall_connection_ms: played % 7,
})

const drafts = {
  'playback.telemetry': (n) => {
    const at = START + Math.floor(n / SESSIONS) * 10_000
    const played = Math.floor(n / SESSIONS) * 9_000
    return {
      clock: 'world',
      event_time: at,
      received_time: Date.now(),
      session_id: `session-${n % SESSIONS}`,
      instance: START,
      segment: n % 2,
      seq: n,
      session_start: START,
      segment_start: START,
      event: 't',
      state: n % 17 === 0 ? 's' : 'p',
      country: ['DE', 'FR', 'BR'][n % 3]!,
      oca: `oca-${n % 5}`,
      title_id: `title-${n % 40}`,
      ...((n % SESSIONS) % 10 === 3 ? PLAIN : countersAt(played)),
    }
  },
  'viewer.actions': (n) => ({
    clock: 'world',
    event_time: START + n * 10,
    received_time: Date.now(),
    profile_id: `profile-${n % 400}`,
    action: ['impression', 'click', 'play', 'progress', 'finish', 'rating'][n % 6]!,
    title_id: `title-${n % 60}`,
    country: ['DE', 'FR'][n % 2]!,
    session_id: `visit-${n % 900}`,
    watched_ms: n % 6 === 3 ? n % 5_000 : null,
    rating_centi: n % 6 === 5 ? 100 * (1 + (n % 5)) : null,
  }),
  'delivery.requests': (n) => ({
    clock: 'world',
    event_time: START + n,
    received_time: Date.now(),
    session_id: `session-${n % SESSIONS}`,
    oca: `oca-${n % 5}`,
    status: 200,
  }),
  'experiment.exposures': (n) => ({
    clock: 'world',
    event_time: START + n,
    received_time: Date.now(),
    unit_type: 'profile',
    unit_id: `profile-${n % 400}`,
    experiment_id: `x${n % 3}`,
    variation: n % 2,
  }),
} as const satisfies { readonly [T in TopicName]?: (n: number) => Omit<TopicDraft<T>, 'event_id'> }

export type KnownTopic = keyof typeof drafts

/** `versions: 2` writes every other event by an older schema. */
export function eventSource(topic: KnownTopic, versions: 1 | 2 = 1): EventSource {
  const codec = openCodec(topic, openCatalogue())
  const older = olderEncoder(topic)
  const draft: (n: number) => Readonly<Record<string, unknown>> = drafts[topic]
  const id = (n: number): Buffer => {
    const bytes = Buffer.alloc(16)
    bytes.write(topic.slice(0, 8), 'latin1')
    bytes.writeBigUInt64BE(BigInt(n), 8)
    return bytes
  }
  return {
    topic,
    id,
    message(n) {
      const fields = draft(n)
      const record = { event_id: id(n), ...fields }
      const value =
        versions === 2 && n % 2 === 1 ? older(record) : codec.encode(record as unknown as TopicDraft<KnownTopic>)
      return { key: Buffer.from(String(fields[TOPICS[topic].key])), value }
    },
  }
}

/** What no reading can land, one of each kind. */
export function poisonOf(source: EventSource, n: number): Buffer {
  const { value } = source.message(n)
  const kinds = [
    () => Buffer.concat([Buffer.from([7]), value.subarray(1)]),
    () => Buffer.from([0, 0, 1]),
    () => value.subarray(0, value.length - 3),
    () => Buffer.concat([value, Buffer.from([1, 2, 3])]),
  ]
  return kinds[n % kinds.length]!()
}
