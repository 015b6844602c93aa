import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { fingerprint } from '../../schemas/canonical.ts'
import { newest } from '../../schemas/catalogue.ts'
import { readSchema } from '../../schemas/model.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import type { PlayloopError } from '../errors.ts'
import { catalogued, openCatalogue, type WriterSchema } from './catalogue.ts'
import { openCodec } from './codec.ts'
import { plain, recordOf } from './samples.ts'
import { schemaIdOf, writeWireHeader } from './wire.ts'

const source = openCatalogue()
const codec = openCodec('experiment.exposures', source)
const exposure = {
  event_id: new Uint8Array(16).fill(7),
  clock: 'live',
  event_time: 1,
  received_time: 2,
  unit_type: 'profile',
  unit_id: 'p1',
  experiment_id: 'e1',
  variation: 1,
}
const writer = (json: object, id = 7): WriterSchema => ({
  id,
  json,
  schema: readSchema(json),
  fingerprint: fingerprint(readSchema(json)),
})
const withFields = (change: (fields: Record<string, unknown>[]) => Record<string, unknown>[]): object => {
  const json = structuredClone(newest('experiment.exposures').json) as { fields: Record<string, unknown>[] }
  return { ...json, fields: change(json.fields) }
}
const encodeBy = ({ json, id }: WriterSchema, record: object): Buffer => {
  const datum = avsc.Type.forSchema(json as avsc.Schema).toBuffer(record)
  const value = Buffer.alloc(5 + datum.length)
  value.set(datum, writeWireHeader(value, 0, id))
  return value
}

describe('codec', () => {
  for (const topic of TOPIC_NAMES) {
    it(`${topic}: what is encoded is decoded, under the catalogue's id`, async () => {
      const own = openCodec(topic, source)
      await fc.assert(
        fc.asyncProperty(recordOf(topic), async (record) => {
          const value = own.encode(record)
          assert.equal(schemaIdOf(value), newest(topic).id)
          const decoded = await own.decode(value)
          assert.ok(decoded.ok)
          assert.deepEqual(plain(decoded.record), plain(record))
        }),
        { numRuns: 30 },
      )
    })
  }

  it('fills in defaults that were left out, and takes plain Uint8Arrays', async () => {
    const decoded = await codec.decode(codec.encode(exposure))
    assert.ok(decoded.ok)
    assert.equal(decoded.record.in_experiment, true)
    assert.equal(decoded.record.hash_version, 2)
    assert.deepEqual(decoded.record.attributes, {})
    assert.deepEqual(new Uint8Array(decoded.record.event_id), exposure.event_id)
  })

  it('names the field it cannot write', () => {
    const problem = (record: object): string => {
      try {
        codec.encode(record as typeof exposure)
        return 'nothing'
      } catch (error) {
        assert.equal((error as PlayloopError).code, 'AVRO_ENCODE')
        return (error as Error).message
      }
    }
    assert.match(problem({ ...exposure, unit_id: 5 }), /unit_id is 5/)
    assert.match(problem({ ...exposure, event_time: 2 ** 53 }), /event_time is 9007199254740992/)
    assert.match(problem({ ...exposure, variation: undefined }), /variation is missing/)
    assert.match(problem({ ...exposure, event_id: new Uint8Array(15) }), /event_id/)
  })

  it('reads an older version, whose missing fields get their defaults', () => {
    const old = writer(withFields((fields) => fields.filter(({ name }) => name !== 'phase' && name !== 'sticky')))
    const decoded = codec.decodeBy(old, encodeBy(old, { ...exposure, event_id: Buffer.from(exposure.event_id) }))
    assert.ok(decoded.ok)
    assert.equal(decoded.record.phase, 0)
    assert.equal(decoded.record.sticky, false)
    assert.equal(decoded.record.variation, 1)
  })

  it('reads a newer version and leaves out what it does not know', () => {
    const young = writer(
      withFields((fields) => [
        ...fields.slice(0, 6),
        { name: 'novelty', type: 'string', default: '' },
        ...fields.slice(6),
      ]),
      8,
    )
    const decoded = codec.decodeBy(
      young,
      encodeBy(young, { ...exposure, event_id: Buffer.from(exposure.event_id), novelty: 'x' }),
    )
    assert.ok(decoded.ok)
    assert.equal(decoded.record.unit_id, 'p1')
    assert.ok(!('novelty' in decoded.record))
  })
})

describe('faults of data are values', () => {
  const code = async (value: Uint8Array): Promise<string> => {
    const decoded = await codec.decode(value)
    return decoded.ok ? 'none' : decoded.code
  }
  const good = codec.encode(exposure)

  it('no wire header', async () => {
    assert.equal(await code(Buffer.alloc(4)), 'WIRE_SHORT')
    assert.equal(await code(Buffer.from('{"not":"avro"}')), 'WIRE_MAGIC')
  })

  it('an id that nobody knows', async () => {
    const value = Buffer.from(good)
    writeWireHeader(value, 0, 42)
    assert.equal(await code(value), 'SCHEMA_UNKNOWN')
    writeWireHeader(value, 0, -1)
    assert.equal(schemaIdOf(value), -1)
    assert.equal(await code(value), 'SCHEMA_UNKNOWN')
  })

  it("another topic's record", async () => {
    const value = Buffer.from(good)
    writeWireHeader(value, 0, newest('oca.reports').id)
    assert.equal(await code(value), 'SCHEMA_MISMATCH')
  })

  it('bytes that end early, and bytes left over', async () => {
    assert.equal(await code(good.subarray(0, good.length - 1)), 'DATUM_BAD')
    assert.equal(await code(Buffer.concat([good, Buffer.from([0])])), 'DATUM_BAD')
  })

  it('a long past 2^53, which a double would round', () => {
    const big = avsc.types.LongType.__with({
      fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
      toBuffer: (value: bigint) => {
        const buffer = Buffer.alloc(8)
        buffer.writeBigInt64LE(value)
        return buffer
      },
      fromJSON: BigInt,
      toJSON: String,
      isValid: (value: unknown) => typeof value === 'bigint',
      compare: (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b)),
    })
    const catalog = openCodec('catalog.titles', source)
    const id = newest('catalog.titles').id
    const record = {
      event_id: Buffer.alloc(16),
      clock: 'live',
      event_time: 1n,
      received_time: 2n,
      title_id: 't',
      version: 2n ** 60n,
      kind: 'film',
      name: 'x',
    }
    const datum = avsc.Type.forSchema(newest('catalog.titles').json as avsc.Schema, {
      typeHook: (part) => (part === 'long' || (part as { type?: unknown }).type === 'long' ? big : undefined),
    }).toBuffer(record)
    const value = Buffer.concat([Buffer.alloc(5), datum])
    writeWireHeader(value, 0, id)
    const decoded = catalog.decodeBy(catalogued(id)!, value)
    assert.equal(decoded.ok ? 'none' : decoded.code, 'DATUM_BAD')
  })
})
