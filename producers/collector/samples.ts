import avsc from 'avsc'
import type fc from 'fast-check'
import { recordOf } from '../../platform/avro/samples.ts'
import { newest } from '../../schemas/catalogue.ts'
import { TOPICS, type TopicName } from '../../schemas/topics.ts'
import { Batch } from './batch.ts'
import { DatumReader } from './datum.ts'
import { JsonEncoder } from './encoder.ts'
import type { Guard } from './guard.ts'
import { PLACE, KIND, MAX_TIME, planOf, type Plan } from './plan.ts'

const { INT, LONG, TIME } = KIND
const { EVENT_ID, REST } = PLACE

/** For tests: random valid events of a topic, and the encoders of one topic with a guard of choice. */
export type Values = Record<string, unknown>

export const stamp = { receivedTime: 1_790_000_000_000, skew: -42 }
const pass: Guard = () => undefined

export interface Bench {
  readonly plan: Plan
  readonly type: avsc.Type
  readonly batch: Batch
  readonly encoder: JsonEncoder
  readonly reader: DatumReader
  /** Avro bytes of the event encoded last, without the wire header. */
  last(): Buffer
}

export function bench(topic: TopicName, guard = pass): Bench {
  const { schema, json, id } = newest(topic)
  const plan = planOf(schema, TOPICS[topic].key)
  const batch = new Batch(1_000)
  return {
    plan,
    batch,
    type: avsc.Type.forSchema(json as avsc.Schema),
    encoder: new JsonEncoder(plan, id, guard),
    reader: new DatumReader(plan, id, guard),
    last: () => Buffer.from(batch.out.subarray(batch.starts[batch.count - 1]! + 5, batch.ends[batch.count - 1])),
  }
}

/** A random record in avsc's form, within the collector's limits, stamped as the collector would stamp it. */
export function validRecord(topic: TopicName, plan: Plan): fc.Arbitrary<Values> {
  return recordOf(topic).map((record) => {
    const values: Values = { ...record }
    plan.names.forEach((name, field) => {
      const value = values[name]
      if (typeof value === 'number') values[name] = clamped(plan, field, value)
    })
    return {
      ...values,
      ...nested(values),
      event_id: Buffer.from([1, ...(values['event_id'] as Uint8Array).subarray(1)]),
      clock: 'world',
      [TOPICS[topic].key]: `k${String(values[TOPICS[topic].key])}`,
      received_time: stamp.receivedTime,
      skew_ms: stamp.skew,
      ...(plan.tail > 0 && { ip_country: '', ip_asn: 0, ua_device: '', sender: 0 }),
    }
  })
}

/** Limits values inside arrays: times of licence windows, and longs that avsc writes exactly. */
function nested({ licences, scores }: Values): Values {
  const windows = licences as readonly { region: string; from: number; to: number }[] | undefined
  return {
    ...(windows && {
      licences: windows.map(({ region, from, to }) => ({
        region,
        from: Math.abs(from) % MAX_TIME,
        to: Math.abs(to) % MAX_TIME,
      })),
    }),
    ...(Array.isArray(scores) && { scores: (scores as readonly number[]).map((score) => Math.trunc(score / 2)) }),
  }
}

function clamped(plan: Plan, field: number, value: number): number {
  const kind = plan.kinds[field]!
  if (kind === TIME) return Math.abs(value) % MAX_TIME
  if (kind !== INT && kind !== LONG) return value
  // avsc doubles a long before writing it and so errs past 2^52; wire.test.ts covers the full range.
  const exact = Math.abs(value) > 2 ** 52 ? Math.trunc(value / 2) : value
  return exact < 0 && plan.least[field] === 0 ? -(exact + 1) : exact
}

/**
 * The JSON form of a record: ids in hex, bytes in base64, without the collector's own fields and those of `without`.
 */
export function jsonForm(plan: Plan, record: Values, without: (name: string) => boolean = () => false): Values {
  const kept = plan.names.filter((name, field) => field < 3 || (field >= REST && !without(name)))
  return Object.fromEntries(
    kept.map((name) => {
      const value = record[name]
      if (!(value instanceof Uint8Array)) return [name, value]
      return [name, Buffer.from(value).toString(name === plan.names[EVENT_ID] ? 'hex' : 'base64')]
    }),
  )
}

/** A plain event of playback.telemetry: 60 s into a segment. */
export const BEAT: Values = {
  event_id: '0197a3c0-7b1e-7cc3-98c4-dc0c0c07398f',
  clock: 'live',
  event_time: 1_790_000_060_000,
  session_id: 's-1',
  instance: 1_790_000_000_000,
  segment: 0,
  seq: 6,
  session_start: 1_790_000_000_000,
  segment_start: 1_790_000_000_000,
  event: 't',
  state: 'p',
  title_id: 'title-1',
  country: 'DE',
  playing_ms: 57_000,
  starting_ms: 800,
  stall_connection_ms: 1_200,
}
