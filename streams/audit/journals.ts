import { blockHeader, ocfHeader, SYNC_MARKER } from '../../platform/avro/ocf.ts'
import type { Store } from '../../platform/clickhouse/index.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'

/** Event ids that a client knows to be acknowledged: 16 bytes each, concatenated. */
export interface JournalSource {
  readonly producer: string
  readonly topic: TopicName
  /** Chunks of whole ids, from the beginning. */
  ids(): AsyncIterable<Uint8Array>
}

export interface JournalReport {
  readonly producer: string
  readonly topic: TopicName
  /** Ids acknowledged; an id acknowledged twice within a chunk counts once. */
  readonly acknowledged: number
  readonly missing: number
  /** The first missing ids, hex. */
  readonly examples: readonly string[]
}

const ID_BYTES = 16
/** Ids compared at once: 4 MiB, and a set of about ten MB in the engine. */
const CHUNK_BYTES = 262_144 * ID_BYTES
const SHOWN = 5

// A file of ids is already the data of an Avro block whose record is one fixed field.
const SCHEMA = {
  type: 'record',
  name: 'JournalEntry',
  fields: [{ name: 'id', type: { type: 'fixed', name: 'EventId', size: ID_BYTES } }],
}

/**
 * Checks that every id of the journal is a landed event, a dead letter or a row removed on purpose. Memory is limited
 * by the chunk.
 */
export async function auditJournal(store: Store, journal: JournalSource, table: string): Promise<JournalReport> {
  const { producer, topic } = journal
  let [acknowledged, missing] = [0, 0]
  const examples: string[] = []
  // In memory and only for this audit; a set needs no order.
  await store.exec(`CREATE OR REPLACE TABLE ${table} (id FixedString(16)) ENGINE = Memory`)
  try {
    for await (const chunk of chunksOf(journal.ids())) {
      await load(store, table, chunk)
      const [row] = await store.rows<{ ids: string; missing: string; examples: string[] }>(compare(table, topic))
      acknowledged += Number(row?.ids ?? 0)
      missing += Number(row?.missing ?? 0)
      examples.push(...(row?.examples ?? []).slice(0, SHOWN - examples.length))
      await store.exec(`TRUNCATE TABLE ${table}`)
    }
  } finally {
    await store.exec(`DROP TABLE IF EXISTS ${table}`)
  }
  return { producer, topic, acknowledged, missing, examples }
}

async function load(store: Store, table: string, ids: readonly Uint8Array[]): Promise<void> {
  const size = ids.reduce((sum, { byteLength }) => sum + byteLength, 0)
  await store.insertAvro({
    sql: `INSERT INTO ${table} (id) SETTINGS async_insert = 0 SELECT id FROM {source}`,
    structure: 'id FixedString(16)',
    body: [ocfHeader(SCHEMA), blockHeader(size / ID_BYTES, size), ...ids, SYNC_MARKER],
    queryId: 'audit-journal',
  })
}

// The set is built from the chunk, and the landing table streams past it, whatever its size. A dead letter keeps the
// message: a wire header of 5 bytes, then the record, whose first field is the id.
const compare = (table: string, topic: TopicName): { sql: string; params: { topic: string } } => ({
  sql: `WITH found AS (SELECT DISTINCT event_id FROM ${landingTable(topic)} WHERE event_id IN (SELECT id FROM ${table})),
    dead AS (SELECT toFixedString(substring(raw, 6, 16), 16) AS id FROM dead_letters WHERE source_topic = {topic:String} AND length(raw) >= 21),
    removed AS (SELECT event_id FROM audit_removed_v1 WHERE topic = {topic:String} AND event_id IN (SELECT id FROM ${table})),
    lost AS (SELECT DISTINCT id FROM ${table} WHERE id NOT IN found AND id NOT IN dead AND id NOT IN removed)
    SELECT (SELECT uniqExact(id) FROM ${table}) AS ids, count() AS missing, arraySort(groupArray(${SHOWN})(lower(hex(id)))) AS examples FROM lost`,
  params: { topic },
})

/** Regroups chunks of any size into chunks of whole ids. */
async function* chunksOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array[]> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const piece of pieces) {
    held.push(piece)
    size += piece.byteLength
    if (size < CHUNK_BYTES) continue
    const all = Buffer.concat(held)
    const whole = size - (size % ID_BYTES)
    yield [all.subarray(0, whole)]
    held = [all.subarray(whole)]
    size -= whole
  }
  // A last id that a kill truncated was never acknowledged.
  const all = Buffer.concat(held)
  if (size >= ID_BYTES) yield [all.subarray(0, size - (size % ID_BYTES))]
}
