import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { newest, versionsOf } from '../../schemas/catalogue.ts'
import { selectColumns, structureOf } from '../../schemas/landing.ts'
import { isPrimitive, unwrapNull, type AvroType } from '../../schemas/model.ts'
import { landingTable, type TopicName } from '../../schemas/topics.ts'
import { openEmbedded } from '../clickhouse/embedded.ts'
import type { Store } from '../clickhouse/port.ts'
import type { WriterSchema } from './catalogue.ts'
import { blockHeader, ocfHeader, SYNC_MARKER, wrapperSchema } from './ocf.ts'
import { MAX_LONG_BYTES, writeLong } from '../varint.ts'

/** The engine of a test file while its tests run; the engine allows one folder per process. */
export let store: Store
export function useEngine(): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'playloop-landing-'))
  before(async () => {
    store = await openEmbedded({ dataDir, database: 'landing' })
  })
  after(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
}

/** Inserts like the sink, for partition 3 and offsets from 0. */
export async function insert(
  topic: TopicName,
  writer: Pick<WriterSchema, 'json' | 'schema'>,
  data: readonly Uint8Array[],
  versions = versionsOf(topic),
): Promise<void> {
  const match = selectColumns(writer.schema, topic, versions)
  assert.ok(match.ok)
  const columns = match.columns.map((name) => `\`${name}\``).join(', ')
  const frames = data.map((datum, offset) => frame(offset, datum))
  await store.insertAvro({
    sql: `INSERT INTO ${landingTable(topic)} (${columns}, _partition, _offset)
      SETTINGS use_structure_from_insertion_table_in_table_functions = 0
      SELECT ${columns}, 3, _off FROM {source} WHERE NOT ignore(throwIf(_end != _off, 'frame'))`,
    structure: structureOf(writer.schema),
    body: [
      ocfHeader(wrapperSchema(writer.json)),
      blockHeader(
        frames.length,
        frames.reduce((sum, { length }) => sum + length, 0),
      ),
      ...frames,
      SYNC_MARKER,
    ],
    queryId: `test-${topic}-${data.length}`,
  })
}

export function frame(offset: number, datum: Uint8Array): Buffer {
  const guard = Buffer.alloc(MAX_LONG_BYTES)
  const long = guard.subarray(0, writeLong(guard, 0, offset))
  return Buffer.concat([long, datum, long])
}

export async function readBack(topic: TopicName): Promise<unknown[]> {
  const columns = [
    ...newest(topic).schema.fields.map(({ name, type }) => `${readable(type, `t.\`${name}\``)} AS \`${name}\``),
    't._partition AS _partition',
    't._offset AS _offset',
  ]
  const rows = await store.rows<Record<string, unknown>>(
    `SELECT ${columns.join(', ')} FROM ${landingTable(topic)} AS t ORDER BY t._offset`,
  )
  const longs = newest(topic)
    .schema.fields.filter(({ type }) => (unwrapNull(type)?.type ?? type).kind === 'long')
    .map(({ name }) => name)
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries([...longs, '_offset'].map((name) => [name, row[name] === null ? null : Number(row[name])])),
    ...numbers(row),
  }))
}

/** 64-bit integers arrive as text, in arrays too. */
const numbers = (row: Record<string, unknown>): object =>
  'scores' in row ? { scores: (row['scores'] as string[]).map(Number) } : {}

/** Expression for a column in a form that JSON carries without loss: bytes as hex, times as ms. */
function readable(type: AvroType, column: string): string {
  const inner = unwrapNull(type)?.type ?? type
  if (inner.kind === 'bytes' || inner.kind === 'fixed') return `hex(${column})`
  if (isPrimitive(inner)) return inner.logical === 'timestamp-millis' ? `toUnixTimestamp64Milli(${column})` : column
  if (inner.kind === 'array') return `arrayMap(x -> ${readable(inner.items, 'x')}, ${column})`
  if (inner.kind === 'record')
    return `map(${inner.fields.map(({ name, type: part }) => `'${name}', toString(${readable(part, `${column}.\`${name}\``)})`).join(', ')})`
  return column
}

export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase()
  if (Array.isArray(value))
    return value.map((item: unknown) => (typeof item === 'object' ? texts(item as object) : item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, comparable(inner)]))
}

const texts = (record: object): object =>
  Object.fromEntries(Object.entries(record).map(([name, inner]) => [name, String(inner)]))
