import type { SchemaSource } from '../../platform/avro/catalogue.ts'
import { fingerprint } from '../../schemas/canonical.ts'
import { newest, versionsOf, type PublishedSchema } from '../../schemas/catalogue.ts'
import { readSchema } from '../../schemas/model.ts'
import { TOPICS, TOPIC_NAMES, type TopicName } from '../../schemas/topics.ts'
import { DatumReader } from './datum.ts'
import { JsonEncoder } from './encoder.ts'
import { guardOf } from './guard.ts'
import type { Readers } from './parse/avro.ts'
import { planOf } from './plan.ts'
import { ValuesEncoder } from './values-encoder.ts'

/**
 * Topics that producers may write. Only the sink writes dead letters; other topics of the broker are not accessible.
 */
export const OPEN_TOPICS: readonly TopicName[] = TOPIC_NAMES.filter((name) => name !== 'dead.letters')

/** The pipeline for the events of one topic. */
export interface Pipeline {
  readonly topic: TopicName
  /** A unique small number, for the duplicate cache. */
  readonly number: number
  readonly encoder: JsonEncoder
  readonly values: ValuesEncoder
  readonly readers: Readers
  /** Fetches an unknown schema id from the registry. */
  learn(id: number): Promise<void>
}

/** Maximum number of writers' schema texts cached; clients use a handful. */
const MAX_TEXTS = 64

export function openPipeline(topic: TopicName, schemas: SchemaSource): Pipeline {
  const readerOf = (published: PublishedSchema, id: number): DatumReader => {
    const plan = planOf(published.schema, TOPICS[topic].key)
    return new DatumReader(
      plan,
      id,
      guardOf(topic, (name) => plan.names.indexOf(name)),
    )
  }
  const current = newest(topic)
  const currentId = schemas.idOf(topic)
  const byFingerprint = new Map(
    versionsOf(topic).map((entry) => [
      entry.fingerprint,
      readerOf(entry, entry.fingerprint === current.fingerprint ? currentId : entry.id),
    ]),
  )
  const byId = new Map(versionsOf(topic).map((entry) => [entry.id, byFingerprint.get(entry.fingerprint)]))
  byId.set(currentId, byFingerprint.get(current.fingerprint))
  const byText = new Map<string, DatumReader | undefined>()
  const plan = planOf(current.schema, TOPICS[topic].key)
  const guard = guardOf(topic, (name) => plan.names.indexOf(name))

  return {
    topic,
    number: TOPIC_NAMES.indexOf(topic),
    encoder: new JsonEncoder(plan, currentId, guard),
    values: new ValuesEncoder(plan, currentId, guard),
    readers: {
      byId: (id) => byId.get(id),
      bySchema(text) {
        if (byText.has(text)) return byText.get(text)
        if (byText.size >= MAX_TEXTS) byText.clear()
        const reader = byFingerprint.get(fingerprintOf(text) ?? '')
        byText.set(text, reader)
        return reader
      },
    },
    async learn(id) {
      const writer = byId.has(id) ? undefined : await schemas.byId(id)
      const reader = writer === undefined ? undefined : byFingerprint.get(writer.fingerprint)
      if (reader !== undefined) byId.set(id, reader)
    },
  }
}

/** Fingerprint of a schema given as text; undefined if the text is not a schema. */
function fingerprintOf(text: string): string | undefined {
  try {
    return fingerprint(readSchema(JSON.parse(text)))
  } catch {
    return undefined
  }
}
