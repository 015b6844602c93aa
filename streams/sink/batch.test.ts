import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BatchBuilder, type Batch, type SchemaVerdict } from './batch.ts'

const value = (schemaId: number, datum = 'x'): Buffer => {
  const header = Buffer.alloc(5)
  header.writeUInt32BE(schemaId, 1)
  return Buffer.concat([header, Buffer.from(datum)])
}
const verdicts: Readonly<Record<number, SchemaVerdict>> = {
  1: 'usable',
  2: 'usable',
  8: 'schema_unknown',
  9: 'schema_of_other_topic',
}
const builder = (limits = { rows: 100, bytes: 1e6 }, compacted = false): BatchBuilder =>
  new BatchBuilder(limits, (id) => verdicts[id], compacted, [])
const give = (to: BatchBuilder, offset: number, bytes: Buffer | null): boolean =>
  bytes === null ? to.record(offset, Buffer.alloc(0), -1, -1) : to.record(offset, bytes, 0, bytes.length)
const summary = ({ start, end, parts, refusals, unknown, tombstones }: Batch) => ({
  start,
  end,
  refusals,
  unknown,
  tombstones,
  parts: [...parts].map(([id, rows]) => [id, Array.from({ length: rows.count }, (_, row) => rows.offset(row))]),
})

describe('a batch', () => {
  it('groups rows by schema id and sets aside what is not in wire format', () => {
    const batch = builder()
    batch.begin(10)
    give(batch, 10, value(1))
    give(batch, 11, value(2))
    give(batch, 12, null)
    give(batch, 13, Buffer.from([0, 0, 0]))
    give(batch, 14, Buffer.from([1, 0, 0, 0, 1, 5]))
    give(batch, 15, value(8))
    give(batch, 16, value(9))
    give(batch, 17, value(1))
    assert.deepEqual(summary(batch.seal()), {
      start: 10,
      end: 17,
      unknown: [8],
      tombstones: 0,
      parts: [
        [1, [10, 17]],
        [2, [11]],
      ],
      refusals: [
        { offset: 12, code: 'null_value' },
        { offset: 13, code: 'value_too_short' },
        { offset: 14, code: 'magic_byte' },
        { offset: 15, code: 'schema_unknown', schemaId: 8 },
        { offset: 16, code: 'schema_of_other_topic', schemaId: 9 },
      ],
    })
  })

  it('steps over null values of a compacted topic', () => {
    const batch = builder(undefined, true)
    batch.begin(0)
    give(batch, 0, null)
    give(batch, 1, value(1))
    assert.deepEqual(summary(batch.seal()), {
      start: 0,
      end: 1,
      unknown: [],
      tombstones: 1,
      parts: [[1, [1]]],
      refusals: [],
    })
  })

  it('asks for a schema it has not met, and takes the record once it knows', () => {
    const known: Record<number, SchemaVerdict> = {}
    const batch = new BatchBuilder({ rows: 10, bytes: 1e6 }, (id) => known[id], false, [])
    batch.begin(0)
    assert.equal(give(batch, 0, value(5)), false)
    assert.equal(batch.pendingSchema, 5)
    known[5] = 'usable'
    assert.equal(give(batch, 0, value(5)), true)
    assert.equal(batch.pendingSchema, undefined)
  })

  it('a schema that was unknown when the batch was cut stays unknown in its replay', () => {
    const batch = new BatchBuilder({ rows: 10, bytes: 1e6 }, () => 'usable', false, [])
    batch.begin(0, 0, [5])
    give(batch, 0, value(5))
    assert.deepEqual(summary(batch.seal()).refusals, [{ offset: 0, code: 'schema_unknown', schemaId: 5 }])
  })

  it('replayed after the last of its records left the log, ends without them', () => {
    const batch = builder(undefined, true)
    batch.begin(10, 20)
    assert.equal(give(batch, 10, value(1)), true)
    assert.equal(give(batch, 25, value(1)), false)
    assert.ok(batch.isFull, 'or the replay would read the same bytes for ever')
    assert.deepEqual(summary(batch.seal()), {
      start: 10,
      end: 20,
      unknown: [],
      tombstones: 0,
      parts: [[1, [10]]],
      refusals: [],
    })
  })

  it('makes no part of a record that is too large: an insert without rows is refused for ever', () => {
    const batch = builder({ rows: 100, bytes: 1e9 })
    batch.begin(0)
    give(batch, 0, value(1, 'x'.repeat(5_000_000)))
    assert.deepEqual(summary(batch.seal()), {
      start: 0,
      end: 0,
      unknown: [],
      tombstones: 0,
      parts: [],
      refusals: [{ offset: 0, code: 'too_large', schemaId: 1 }],
    })
  })

  it('asks nobody for an id that no registry can have', () => {
    const batch = new BatchBuilder({ rows: 10, bytes: 1e6 }, () => undefined, false, [])
    batch.begin(0)
    assert.equal(give(batch, 0, value(0xffff_fff0)), true)
    assert.deepEqual(summary(batch.seal()).refusals, [{ offset: 0, code: 'schema_unknown', schemaId: -16 }])
  })

  it('counts the bytes of what it refuses: they are held again as dead letters', () => {
    const batch = builder({ rows: 100, bytes: 1_000 })
    batch.begin(0)
    assert.deepEqual(
      [0, 1, 2].map((offset) => give(batch, offset, Buffer.alloc(600, 7))),
      [true, true, false],
    )
  })

  const anyValue = fc.option(
    fc.oneof(
      fc.tuple(fc.constantFrom(1, 2, 8, 9), fc.string({ maxLength: 30 })).map(([id, datum]) => value(id, datum)),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.concat([Buffer.from([3]), bytes])),
    ),
  )

  it('replayed up to its end gives the same batch, whatever the limits', () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 400 }),
        (values, rows, bytes) => {
          const first = builder({ rows, bytes })
          first.begin(0)
          values.every((each, offset) => give(first, offset, each))
          const cut = first.seal()
          const again = builder({ rows: 1, bytes: 1 })
          again.begin(cut.start, cut.end, cut.unknown)
          values.every((each, offset) => give(again, offset, each))
          assert.ok(again.isFull)
          assert.deepEqual(summary(again.seal()), summary(cut))
        },
      ),
    )
  })

  it('ends at its limits', () => {
    const byRows = builder({ rows: 2, bytes: 1e6 })
    byRows.begin(0)
    assert.deepEqual(
      [0, 1, 2].map((offset) => give(byRows, offset, value(1))),
      [true, true, false],
    )
    assert.equal(byRows.seal().end, 1)
  })
})
