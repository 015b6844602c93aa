import { readSchema, type AvroRecord } from './model.ts'
import json from './generated/catalogue.json' with { type: 'json' }
import type { TopicName } from './topics.ts'

/** A published version of a topic's schema. The meaning of its id never changes. */
export interface PublishedSchema {
  readonly id: number
  readonly topic: TopicName
  /** Version number, from 1. */
  readonly version: number
  /** SHA-256 of the parsing canonical form, hex. */
  readonly fingerprint: string
  /** The schema as JSON, for registries and Avro file headers. */
  readonly json: object
  readonly schema: AvroRecord
}

/** All published versions, ordered by id. */
export const PUBLISHED: readonly PublishedSchema[] = (json.versions as readonly CatalogueEntry[]).map(
  ({ schema, ...entry }) => {
    return { ...entry, json: schema, schema: readSchema(schema) }
  },
)

/** An entry of schemas/generated/catalogue.json. */
export interface CatalogueEntry {
  readonly id: number
  readonly topic: TopicName
  readonly version: number
  readonly fingerprint: string
  readonly schema: object
}

/** Published versions of a topic, oldest first; at least one. */
export const versionsOf = (topic: TopicName): readonly PublishedSchema[] =>
  PUBLISHED.filter((entry) => entry.topic === topic).sort((a, b) => a.version - b.version)

/** The version that is written now. */
export function newest(topic: TopicName): PublishedSchema {
  const last = versionsOf(topic).at(-1)
  if (last === undefined)
    throw new Error(`topic ${topic} has no published schema: run \`npm run schemas -- --publish\``)
  return last
}
