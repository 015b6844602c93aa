import { newest, PUBLISHED, type PublishedSchema } from '../../schemas/catalogue.ts'
import type { AvroRecord } from '../../schemas/model.ts'
import type { TopicName } from '../../schemas/topics.ts'

/** The schema with which a record was written. */
export interface WriterSchema {
  /** Id in the wire header, from the registry or the catalogue. */
  readonly id: number
  /** The schema as JSON, for file headers and decoders. */
  readonly json: object
  readonly schema: AvroRecord
  /** SHA-256 of the parsing canonical form, hex. */
  readonly fingerprint: string
  /** Topic and version if it is a schema of playloop; absent for a schema that only the registry knows. */
  readonly published?: { readonly topic: TopicName; readonly version: number }
}

/** Source of schemas. Adapters: openCatalogue (committed files), openRegistry (Confluent API). */
export interface SchemaSource {
  /**
   * The schema of an id, looked up once and cached; undefined if it does not exist (cached too). Throws
   * REGISTRY_UNREACHABLE if that cannot be determined now: retry later; the record is not at fault.
   */
  byId(id: number): Promise<WriterSchema | undefined>
  /** The id with which a topic's newest version is written. */
  idOf(topic: TopicName): number
  close(): Promise<void>
}

/** Opens the committed catalogue; needs no running service. */
export function openCatalogue(): SchemaSource {
  return {
    byId: async (id) => catalogued(id),
    idOf: (topic) => newest(topic).id,
    close: async () => {},
  }
}

const WRITERS = new Map(PUBLISHED.map((entry) => [entry.id, toWriter(entry)]))
/** If several versions have the same layout, the newest is kept: their data are the same bytes. */
const BY_FINGERPRINT = new Map(PUBLISHED.map((entry) => [entry.fingerprint, entry]))

/** A schema of the committed catalogue. */
export const catalogued = (id: number): WriterSchema | undefined => WRITERS.get(id)

/** The published version with this layout, whoever registered the schema. */
export const byFingerprint = (fingerprint: string): PublishedSchema | undefined => BY_FINGERPRINT.get(fingerprint)

function toWriter({ id, json, schema, fingerprint, topic, version }: PublishedSchema): WriterSchema {
  return { id, json, schema, fingerprint, published: { topic, version } }
}
