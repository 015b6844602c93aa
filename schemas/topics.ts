/**
 * The topics of the log: one table that producers, broker, sink and DDL share.
 *
 * `key` names the Avro field that is the message key. `orderBy` sorts the landing table; `orderReason` says why.
 */
import { DAY_MS } from './time.ts'

export interface Topic {
  readonly name: TopicName
  /** Field that is the message key. */
  readonly key: string
  /** Partitions on one machine; a cluster has more. */
  readonly partitions: number
  /** Maximum age of a batch before it is inserted, ms. Inserts, not rows, are the bottleneck on 2 cores. */
  readonly maxAgeMs: number
  /**
   * Maximum age of a batch of more than a few rows, ms; `maxAgeMs` is then for small batches that somebody waits for.
   */
  readonly busyAgeMs?: number
  /**
   * The `maxAgeMs` from which released tables derived their dedup window, if it was different; the boot widens the
   * window.
   */
  readonly releasedAgeMs?: number
  /**
   * Log retention, ms. Landing tables keep rows at least twice as long, so that a dedup token never outlives its row.
   */
  readonly retentionMs: number
  readonly compacted: boolean
  /** ORDER BY of the landing table. */
  readonly orderBy: readonly string[]
  readonly orderReason: string
  /**
   * Days that a row stays in the landing table, from its log time; undefined = for ever. At least twice the log's
   * retention.
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

// Rows outlive the log at least twice over: a replay of the log must find the dedup tokens of the rows it repeats, and
// an expired part takes its tokens with it.
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
    // A small batch is inserted as soon as possible: an experiment's interval shows a viewer's action within a second.
    // Under load, so many inserts would take all the time of two cores, so larger batches wait longer.
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
