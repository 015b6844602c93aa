import { createHash } from 'node:crypto'
import { incompatibilities } from './compatibility.ts'
import { FIRST_CATALOGUE_ID } from './ids.ts'
import { readSchema, type AvroRecord } from './model.ts'
import type { TopicName } from './topics.ts'

/** A published version, as stored in schemas/published/TOPIC/vN.avsc. */
export interface PublishedFile {
  readonly catalogueId: number
  readonly topic: TopicName
  readonly version: number
  readonly json: object
}

/** The next version of a topic; throws if it is not compatible with every earlier one. */
export function nextVersion(
  topic: TopicName,
  schema: AvroRecord,
  json: object,
  earlier: readonly PublishedFile[],
): PublishedFile {
  const own = earlier.filter((file) => file.topic === topic)
  const faults = own.flatMap((file) =>
    incompatibilities(schema, readSchema(file.json)).map((fault) => `  against v${file.version}: ${fault}`),
  )
  if (faults.length > 0) throw new Error(`${topic} is not compatible with what was published:\n${faults.join('\n')}`)
  const lastId = Math.max(FIRST_CATALOGUE_ID, ...earlier.map(({ catalogueId }) => catalogueId))
  return { catalogueId: lastId + 1, topic, version: Math.max(0, ...own.map(({ version }) => version)) + 1, json }
}

/** Text of the file: the schema, its id, and a digest that reveals later changes. */
export const publishedFile = ({ catalogueId, json }: PublishedFile): string =>
  `${JSON.stringify({ catalogueId, sha256: digest(json), ...json }, null, 2)}\n`

export const digest = (json: object): string => createHash('sha256').update(JSON.stringify(json)).digest('hex')
