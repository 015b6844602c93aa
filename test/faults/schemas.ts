import { catalogued, openCatalogue, type SchemaSource, type WriterSchema } from '../../platform/avro/catalogue.ts'
import { typeOf } from '../../platform/avro/exact-long.ts'
import { writeWireHeader } from '../../platform/avro/wire.ts'
import { fingerprint } from '../../schemas/canonical.ts'
import { newest } from '../../schemas/catalogue.ts'
import { readSchema } from '../../schemas/model.ts'
import { TOPIC_NAMES, type TopicName } from '../../schemas/topics.ts'

/** Ids of the older versions: below the catalogue's, as a registry would give them. */
const OLDER_ID = 500_000

/** An older version of each topic's schema: its last field with a default is not there yet. */
const OLDER: ReadonlyMap<TopicName, WriterSchema> = new Map(
  TOPIC_NAMES.map((topic, index) => {
    const { json } = newest(topic)
    const { fields, ...record } = json as { fields: { name: string; default?: unknown }[] }
    const last = fields.findLastIndex((field) => field.default !== undefined)
    const older = { ...record, fields: fields.toSpliced(last, 1) }
    const schema = readSchema(older)
    return [topic, { id: OLDER_ID + index, json: older, schema, fingerprint: fingerprint(schema) }]
  }),
)

/** The committed catalogue and an older version of every topic. */
export function openTwoVersions(): SchemaSource {
  const byId = new Map([...OLDER.values()].map((writer) => [writer.id, writer]))
  return { ...openCatalogue(), byId: async (id) => byId.get(id) ?? catalogued(id) }
}

/** Encodes a record by the older version. */
export function olderEncoder(topic: TopicName): (record: object) => Buffer {
  const { id, json } = OLDER.get(topic)!
  const type = typeOf(json)
  return (record) => {
    const datum = type.toBuffer(record)
    const value = Buffer.allocUnsafe(5 + datum.length)
    value.set(datum, writeWireHeader(value, 0, id))
    return value
  }
}
