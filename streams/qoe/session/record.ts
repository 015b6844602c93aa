import type { PlaybackTelemetryInput } from '../../../schemas/generated/inputs.ts'
import { mergeRecords, plainRecordOf, type PlainRecord } from '../plain/record.ts'
import {
  BITRATE_SPACE,
  COUNTERS,
  GREATEST,
  INSTANCE_DIMENSIONS,
  MAX_SEQ,
  NONE,
  SEGMENT_DIMENSIONS,
  STARTUPS,
  STATE_SPACE,
  STATES,
} from './columns.ts'

/** A record as a player sends it, or as it landed: with its log time, ms. */
export type TelemetryRecord = PlaybackTelemetryInput & { readonly received_time?: number }

export type Dimension = (typeof INSTANCE_DIMENSIONS)[number] | (typeof SEGMENT_DIMENSIONS)[number]

export type LeastColumn = 'first_time' | 'live_latency_least_ms' | 'first_bitrate'
export type MostColumn =
  | (typeof STARTUPS)[number]
  | (typeof COUNTERS)[number]
  | (typeof GREATEST)[number]
  | 'last_time'
  | 'session_start'
  | 'segment_start'
  | 'last_state'
  | 'ended'
  | 'finished'
  | 'start_timeout'
  | 'failed_business'
  | 'clamped'
  | 'last_seq'

/** The state of one segment, as `qoe_segment_v1` stores it. */
export interface SegmentState {
  readonly clock: string
  readonly session_id: string
  readonly instance: number
  readonly segment: number
  readonly dimensions: Readonly<Record<Dimension, string | number>>
  readonly most: Readonly<Record<MostColumn, number>>
  readonly least: Readonly<Record<LeastColumn, number>>
  readonly seqs: ReadonlySet<number>
  /** Start to greatest end of each range of media watched, ms. */
  readonly watched: ReadonlyMap<number, number>
  /** 'kind:code' to the latest and to the first time it was reported, ms. */
  readonly errors: ReadonlyMap<string, number>
  readonly errorsFirst: ReadonlyMap<string, number>
  readonly endReasons: ReadonlyMap<string, number>
  /** Records of plain CMCD, sorted; empty for our own players. */
  readonly timeline: readonly PlainRecord[]
}

const LIVE_PAST_MS = 86_400_000
const LIVE_FUTURE_MS = 300_000
const DEFAULTS: Partial<Record<string, number>> = { playback_rate_permille: 1_000 }

/** Live times are accepted from 24 h before to 5 min after their receipt; times outside are clamped and flagged. */
function clampedTime({ clock, event_time, received_time }: TelemetryRecord): number {
  if (clock !== 'live' || received_time === undefined) return event_time
  return Math.min(Math.max(event_time, received_time - LIVE_PAST_MS), received_time + LIVE_FUTURE_MS)
}

/** The state of one record alone. */
export function stateOf(record: TelemetryRecord): SegmentState {
  const time = clampedTime(record)
  const at = <T>(key: T | undefined | '', value: number): Map<T, number> =>
    new Map(key === undefined || key === '' ? [] : [[key, value]])
  const error = (record.error_code ?? '') === '' ? '' : `${record.error_kind ?? ''}:${record.error_code}`
  const [from, to] = [record.watched_from_ms ?? null, record.playhead_ms ?? null]
  const names = [...INSTANCE_DIMENSIONS, ...SEGMENT_DIMENSIONS]
  return {
    clock: record.clock,
    session_id: record.session_id,
    instance: record.instance,
    segment: record.segment,
    dimensions: Object.fromEntries(names.map((name) => [name, record[name] ?? (name === 'asn' ? 0 : '')])) as Record<
      Dimension,
      string | number
    >,
    most: mostOf(record, time),
    least: leastOf(record, time),
    seqs: new Set([seqOf(record)]),
    watched: from !== null && to !== null && to > from ? at(from, to) : new Map<number, number>(),
    errors: at(error, time),
    errorsFirst: at(error, time),
    endReasons: at(record.end_reason, time),
    timeline: record.source === 'cmcd' ? [plainRecordOf(record, time)] : [],
  }
}

const seqOf = ({ seq }: TelemetryRecord): number => Math.min(Math.max(seq, 0), MAX_SEQ)
const bit = (condition: boolean): number => (condition ? 1 : 0)

function mostOf(record: TelemetryRecord, time: number): Record<MostColumn, number> {
  const { state } = record
  const reason = record.end_reason ?? ''
  const place = STATES.indexOf(state as (typeof STATES)[number]) + 1
  const told = [...STARTUPS, ...GREATEST].map(
    (name) => [name, record[name] ?? DEFAULTS[name] ?? (name.endsWith('_permille') ? 0 : -1)] as const,
  )
  return {
    ...(Object.fromEntries(told) as Record<(typeof STARTUPS)[number] | (typeof GREATEST)[number], number>),
    ...(Object.fromEntries(COUNTERS.map((name) => [name, record[name] ?? 0])) as Record<
      (typeof COUNTERS)[number],
      number
    >),
    last_time: time,
    session_start: record.session_start,
    segment_start: record.segment_start,
    last_state: place === 0 ? -1 : seqOf(record) * STATE_SPACE + place,
    ended: bit(['e', 'f', 'q'].includes(state) || reason !== ''),
    finished: bit(state === 'e' || reason === 'finished'),
    start_timeout: bit(reason === 'start_timeout'),
    failed_business: bit(state === 'f' && record.error_kind === 'business'),
    clamped: bit(time !== record.event_time),
    last_seq: seqOf(record),
  }
}

const leastOf = (record: TelemetryRecord, time: number): Record<LeastColumn, number> => ({
  first_time: time,
  live_latency_least_ms: record.live_latency_ms ?? NONE,
  first_bitrate:
    record.bitrate_kbps === undefined || record.bitrate_kbps === null
      ? NONE
      : seqOf(record) * BITRATE_SPACE + record.bitrate_kbps,
})

/** Merges two states of one segment: idempotent, commutative, associative. */
export function merge(a: SegmentState, b: SegmentState): SegmentState {
  const each = <K extends string, V extends string | number>(
    x: Readonly<Record<K, V>>,
    y: Readonly<Record<K, V>>,
    pick: (x: V, y: V) => V,
  ): Record<K, V> =>
    Object.fromEntries((Object.keys(x) as K[]).map((key) => [key, pick(x[key], y[key])])) as Record<K, V>
  const greater = <V extends string | number>(x: V, y: V): V => (x >= y ? x : y)
  return {
    ...a,
    dimensions: each(a.dimensions, b.dimensions, greater),
    most: each(a.most, b.most, greater),
    least: each(a.least, b.least, (x, y) => (x <= y ? x : y)),
    seqs: a.seqs.union(b.seqs),
    watched: mergeMaps(a.watched, b.watched, Math.max),
    errors: mergeMaps(a.errors, b.errors, Math.max),
    errorsFirst: mergeMaps(a.errorsFirst, b.errorsFirst, Math.min),
    endReasons: mergeMaps(a.endReasons, b.endReasons, Math.max),
    timeline: mergeRecords(a.timeline, b.timeline),
  }
}

export function mergeMaps<K>(
  a: ReadonlyMap<K, number>,
  b: ReadonlyMap<K, number>,
  pick: (x: number, y: number) => number,
): Map<K, number> {
  const merged = new Map(a)
  for (const [key, value] of b) merged.set(key, merged.has(key) ? pick(merged.get(key)!, value) : value)
  return merged
}

/** Segment states of records; the records may be in any order and have copies. */
export function segmentsOf(records: Iterable<TelemetryRecord>): SegmentState[] {
  const segments = new Map<string, SegmentState>()
  for (const record of records) {
    const state = stateOf(record)
    const key = JSON.stringify([state.clock, state.session_id, state.instance, state.segment])
    const known = segments.get(key)
    segments.set(key, known === undefined ? state : merge(known, state))
  }
  return [...segments.values()]
}
