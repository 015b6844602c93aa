/**
 * The topics of the log: one table that producers, broker, sink and DDL all read.
 *
 * `key` names the Avro field that is the message key. `orderBy` sorts the landing table; the reason stands beside it.
 */
import { DAY_MS } from './time.ts'

export interface Topic {
  readonly name: TopicName
  /** Field that is the message key. */
  readonly key: string
  /** Partitions on one machine; a cluster has more. */
  readonly partitions: number
  /** A batch lands at this age at the latest, ms: inserts, not rows, are what 2 cores run out of. */
  readonly maxAgeMs: number
  /** The same for a batch of more than a few rows, where the first is for the few that somebody waits for, ms. */
  readonly busyAgeMs?: number
  /** The age that released tables remember tokens for, where it was another; the boot widens them. */
  readonly releasedAgeMs?: number
  /** Log retention, ms. Landing tables keep at least twice as long, so that a dedup token never outlives its row. */
  readonly retentionMs: number
  readonly compacted: boolean
  /** ORDER BY of the landing table. */
  readonly orderBy: readonly string[]
  readonly orderReason: string
  /**
   * Days a row stays in the landing table, from its log time; undefined = for ever. At least twice the log's retention.
   */
  readonly keepDays: number | undefined
  readonly keepReason: string
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

const common = { partitions: 1, maxAgeMs: 2_000, retentionMs: 7 * DAY_MS, compacted: false }

// Rows outlive the log at least twice over: a replay of the log must meet the tokens of what it repeats, and a part
// that expires takes its tokens with it.
const month = {
  keepDays: 30,
  keepReason:
    'sessions are looked into for 30 days; at least twice the log, since an expired part forgets its dedup tokens',
}
const letters = {
  keepDays: 90,
  keepReason: 'an operator mends and replays them; the audit asks the ledger, not them, once they are gone',
}
const history = {
  keepDays: 400,
  keepReason: 'touched keys are recomputed from raw: a year of history and the same month before it',
}

export const TOPICS: Readonly<Record<TopicName, Topic>> = {
  'playback.telemetry': {
    ...common,
    ...month,
    name: 'playback.telemetry',
    key: 'session_id',
    partitions: 2,
    maxAgeMs: 250,
    releasedAgeMs: 400,
    orderBy: ['session_id', 'instance', 'segment', 'seq'],
    orderReason: 'a timeline and a recomputation read one session: it lies together',
  },
  'viewer.actions': {
    // A few at once as soon as possible: an experiment's interval shows what a viewer did within a second. Where many
    // act at a time, inserts would be all that two cores do.
    ...common,
    ...history,
    name: 'viewer.actions',
    key: 'profile_id',
    maxAgeMs: 200,
    busyAgeMs: 1_000,
    releasedAgeMs: 2_000,
    orderBy: ['profile_id', 'event_time'],
    orderReason: "recommendations and erasure read one profile's history in order of time",
  },
  'experiment.exposures': {
    ...common,
    ...history,
    name: 'experiment.exposures',
    key: 'unit_id',
    maxAgeMs: 200,
    busyAgeMs: 1_000,
    releasedAgeMs: 2_000,
    orderBy: ['experiment_id', 'unit_id', 'event_time'],
    orderReason: 'first exposures are looked up by experiment, then unit',
  },
  'delivery.decisions': {
    ...common,
    ...month,
    name: 'delivery.decisions',
    key: 'session_id',
    orderBy: ['session_id', 'event_time'],
    orderReason: 'joined with the requests of the same session',
  },
  'delivery.requests': {
    ...common,
    ...month,
    name: 'delivery.requests',
    key: 'session_id',
    orderBy: ['session_id', 'event_time'],
    orderReason: 'joined with the decisions of the same session',
  },
  'delivery.fills': {
    ...common,
    ...history,
    name: 'delivery.fills',
    key: 'oca',
    orderBy: ['oca', 'manifest_id', 'event_time'],
    orderReason: "an OCA's manifest is followed through its transfers to its receipt",
  },
  'oca.reports': {
    ...common,
    ...month,
    name: 'oca.reports',
    key: 'oca',
    orderBy: ['oca', 'kind', 'event_time'],
    orderReason: 'the latest report of a kind is asked for by OCA',
  },
  'catalog.titles': {
    ...common,
    keepDays: undefined,
    keepReason: 'the catalogue is state: its latest versions must not expire',
    name: 'catalog.titles',
    key: 'title_id',
    compacted: true,
    orderBy: ['title_id', 'version'],
    orderReason: 'the greatest version of a title stands',
  },
  'dead.letters': {
    ...common,
    ...letters,
    name: 'dead.letters',
    key: 'source_topic',
    orderBy: ['source_topic', 'source_partition', 'source_offset'],
    orderReason: 'the audit subtracts them from the offsets of their source',
  },
}

export const isTopic = (name: string): name is TopicName => Object.hasOwn(TOPICS, name)

/** Name of a topic's landing table. */
export const landingTable = (topic: TopicName): string => topic.replaceAll('.', '_')
