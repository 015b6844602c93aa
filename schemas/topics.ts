/**
 * The topics of the log: one table that producers, broker, sink and DDL all read.
 *
 * `key` names the Avro field that is the message key. `orderBy` sorts the landing table; the reason stands beside it.
 */
export interface Topic {
  readonly name: TopicName
  /** Field that is the message key. */
  readonly key: string
  /** Partitions on one machine; a cluster has more. */
  readonly partitions: number
  /** A batch lands at this age at the latest, ms (log-to-table: inserts, not rows, are what 2 cores run out of). */
  readonly maxAgeMs: number
  /** Log retention, ms. Landing tables keep at least twice as long, so that a dedup token never outlives its row. */
  readonly retentionMs: number
  readonly compacted: boolean
  /** ORDER BY of the landing table. */
  readonly orderBy: readonly string[]
  readonly orderReason: string
}

export const TOPIC_NAMES = [
  'playback.telemetry',
  'viewer.actions',
  'experiment.exposures',
  'delivery.decisions',
  'delivery.requests',
  'delivery.fills',
  'oca.reports',
  'catalog.titles',
  'dead.letters',
] as const

export type TopicName = (typeof TOPIC_NAMES)[number]

const DAY_MS = 86_400_000
const common = { partitions: 1, maxAgeMs: 2_000, retentionMs: 7 * DAY_MS, compacted: false }

export const TOPICS: Readonly<Record<TopicName, Topic>> = {
  'playback.telemetry': {
    ...common, name: 'playback.telemetry', key: 'session_id', partitions: 2, maxAgeMs: 400,
    orderBy: ['session_id', 'instance', 'segment', 'seq'],
    orderReason: 'a timeline and a recomputation read one session: it lies together',
  },
  'viewer.actions': {
    ...common, name: 'viewer.actions', key: 'profile_id',
    orderBy: ['profile_id', 'event_time'],
    orderReason: "recommendations and erasure read one profile's history in order of time",
  },
  'experiment.exposures': {
    ...common, name: 'experiment.exposures', key: 'unit_id',
    orderBy: ['experiment_id', 'unit_id', 'event_time'],
    orderReason: 'first exposures are looked up by experiment, then unit',
  },
  'delivery.decisions': {
    ...common, name: 'delivery.decisions', key: 'session_id',
    orderBy: ['session_id', 'event_time'],
    orderReason: 'joined with the requests of the same session',
  },
  'delivery.requests': {
    ...common, name: 'delivery.requests', key: 'session_id',
    orderBy: ['session_id', 'event_time'],
    orderReason: 'joined with the decisions of the same session',
  },
  'delivery.fills': {
    ...common, name: 'delivery.fills', key: 'oca',
    orderBy: ['oca', 'manifest_id', 'event_time'],
    orderReason: "an OCA's manifest is followed through its transfers to its receipt",
  },
  'oca.reports': {
    ...common, name: 'oca.reports', key: 'oca',
    orderBy: ['oca', 'kind', 'event_time'],
    orderReason: 'the latest report of a kind is asked for by OCA',
  },
  'catalog.titles': {
    ...common, name: 'catalog.titles', key: 'title_id', compacted: true,
    orderBy: ['title_id', 'version'],
    orderReason: 'the greatest version of a title stands',
  },
  'dead.letters': {
    ...common, name: 'dead.letters', key: 'source_topic',
    orderBy: ['source_topic', 'source_partition', 'source_offset'],
    orderReason: 'the audit subtracts them from the offsets of their source',
  },
}

export const isTopic = (name: string): name is TopicName => Object.hasOwn(TOPICS, name)

/** Name of a topic's landing table. */
export const landingTable = (topic: TopicName): string => topic.replaceAll('.', '_')
