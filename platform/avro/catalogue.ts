import { newest, PUBLISHED, type PublishedSchema } from '../../schemas/catalogue.ts'
import type { AvroRecord } from '../../schemas/model.ts'
import type { TopicName } from '../../schemas/topics.ts'

/** The schema by which a record was written. */
export interface WriterSchema {
  /** Id in the wire header: of the registry, or of the catalogue. */
  readonly id: number
  /** The schema as JSON, for file headers and decoders. */
  readonly json: object
  readonly schema: AvroRecord
  /** SHA-256 of the parsing canonical form, hex. */
  readonly fingerprint: string
  /** The topic and version it is, when it is one of ours; absent for a schema that only the registry knows. */
  readonly published?: { readonly topic: TopicName; readonly version: number }
}

/** Where schemas come from. Adapters: openCatalogue (committed files), openRegistry (Confluent API). */
export interface SchemaSource {
  /**
   * The schema of an id, looked up once and then remembered; undefined when there really is none (remembered too).
   * Throws REGISTRY_UNREACHABLE when that cannot be known now: wait and ask again, the record is not to blame.
   */
  byId(id: number): Promise<WriterSchema | undefined>
  /** The id under which a topic's newest version is written. */
  idOf(topic: TopicName): number
  close(): Promise<void>
}

/** The committed catalogue: needs nothing that runs. */
export function openCatalogue(): SchemaSource {
  return {
    byId: async (id) => catalogued(id),
    idOf: (topic) => newest(topic).id,
    close: async () => {},
  }
}

const WRITERS = new Map(PUBLISHED.map((entry) => [entry.id, toWriter(entry)]))
/** Of versions that are laid out alike the newest stands: their data are the same bytes. */
const BY_FINGERPRINT = new Map(PUBLISHED.map((entry) => [entry.fingerprint, entry]))

/** A schema of the committed catalogue. */
export const catalogued = (id: number): WriterSchema | undefined => WRITERS.get(id)

/** The published version that is laid out like this, whoever registered it. */
export const byFingerprint = (fingerprint: string): PublishedSchema | undefined => BY_FINGERPRINT.get(fingerprint)

function toWriter({ id, json, schema, fingerprint, topic, version }: PublishedSchema): WriterSchema {
  return { id, json, schema, fingerprint, published: { topic, version } }
}
