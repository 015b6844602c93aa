import type { SchemaSource, WriterSchema } from '../../platform/avro/catalogue.ts'
import { ocfHeader, SYNC_MARKER, wrapperSchema } from '../../platform/avro/ocf.ts'
import { newest, versionsOf } from '../../schemas/catalogue.ts'
import { landingColumns, selectColumns, structureOf, type ColumnMatch } from '../../schemas/landing.ts'
import { landingTable, TOPICS, type TopicName } from '../../schemas/topics.ts'
import type { SchemaVerdict } from './batch.ts'
import { fail } from './errors.ts'
import type { LandingPlan } from './land.ts'
import { walkOf } from './walk.ts'

/** How each schema id found in a topic is landed; each id is looked up once. */
export interface Plans {
  /** undefined = not looked up yet. */
  verdict(schemaId: number): SchemaVerdict
  /** Throws SINK_COLUMN_UNKNOWN if the table cannot hold the schema, or the registry's error if it does not answer. */
  learn(schemaId: number): Promise<void>
  plan(schemaId: number): LandingPlan
  /** Columns of the landing table. */
  readonly columns: number
  readonly compacted: boolean
  readonly maxAgeMs: number
  readonly busyAgeMs: number
}

/** Names and types of the columns that a table has now. */
export type TableColumns = (table: string) => Promise<ReadonlyMap<string, string>>

export function openPlans(
  topic: TopicName,
  source: SchemaSource,
  tableColumns: TableColumns = async () => new Map(),
): Plans {
  const verdicts = new Map<number, SchemaVerdict>()
  const plans = new Map<number, LandingPlan>()
  return {
    columns: landingColumns(topic).length,
    compacted: TOPICS[topic].compacted,
    maxAgeMs: TOPICS[topic].maxAgeMs,
    busyAgeMs: TOPICS[topic].busyAgeMs ?? TOPICS[topic].maxAgeMs,
    verdict: (schemaId) => verdicts.get(schemaId),
    async learn(schemaId) {
      const writer = await source.byId(schemaId)
      if (writer === undefined) verdicts.set(schemaId, 'schema_unknown')
      else if (!belongs(writer, topic)) verdicts.set(schemaId, 'schema_of_other_topic')
      else {
        plans.set(schemaId, await planOf(topic, schemaId, writer, tableColumns))
        verdicts.set(schemaId, 'usable')
      }
    },
    plan(schemaId) {
      const plan = plans.get(schemaId)
      if (plan === undefined) throw new Error(`schema ${schemaId} of ${topic} was not learnt`)
      return plan
    },
  }
}

async function planOf(
  topic: TopicName,
  schemaId: number,
  writer: WriterSchema,
  tableColumns: TableColumns,
): Promise<LandingPlan> {
  const known = selectColumns(writer.schema, topic)
  const match =
    known.ok || known.code !== 'COLUMN_UNKNOWN' ? known : await matchGrown(topic, writer, known, tableColumns)
  if (!match.ok) throw fail('SINK_COLUMN_UNKNOWN', { topic, schemaId, reason: match.message })
  return {
    fingerprint: writer.fingerprint.slice(0, 16),
    target: { table: landingTable(topic), columns: match.columns },
    structure: structureOf(writer.schema),
    header: ocfHeader(wrapperSchema(writer.json)),
    sync: SYNC_MARKER,
    walk: walkOf(writer.schema),
  }
}

/**
 * A newer version of playloop may have added columns that this one does not know: the table's actual columns decide.
 */
async function matchGrown(
  topic: TopicName,
  { schema }: WriterSchema,
  unknown: ColumnMatch,
  tableColumns: TableColumns,
): Promise<ColumnMatch> {
  const versions = [...versionsOf(topic), { ...newest(topic), schema }]
  const grown = landingColumns(topic, versions).filter(
    ({ name }) => !landingColumns(topic).some((column) => column.name === name),
  )
  const there = await tableColumns(landingTable(topic))
  return grown.every(({ name, type }) => there.get(name) === type) ? selectColumns(schema, topic, versions) : unknown
}

/** A built-in schema belongs to its own topic; a schema that only the registry has is matched by its record's name. */
const belongs = ({ published, schema }: WriterSchema, topic: TopicName): boolean =>
  published === undefined ? schema.name === newest(topic).schema.name : published.topic === topic
