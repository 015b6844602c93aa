import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import avro from 'avsc'
import fc from 'fast-check'
import { Rows } from './rows.ts'

const wrapper = avro.Type.forSchema({
  type: 'record',
  name: 'w',
  fields: [
    { name: '_off', type: 'long' },
    { name: 'a', type: 'string' },
    { name: '_end', type: 'long' },
  ],
})
const datum = avro.Type.forSchema({ type: 'record', name: 'd', fields: [{ name: 'a', type: 'string' }] })
const long = avro.Type.forSchema('long')
const sync = Buffer.alloc(16, 7)

/** Reads blocks as an Avro file reader does: count, size, data, marker. */
function readBlocks(pieces: readonly Uint8Array[]): unknown[] {
  const bytes = Buffer.concat(pieces)
  const rows: unknown[] = []
  for (let at = 0; at < bytes.length;) {
    const count = long.decode(bytes, at)
    const size = long.decode(bytes, count.offset)
    let position = size.offset
    for (let i = 0; i < (count.value as number); i++) {
      const row = wrapper.decode(bytes, position)
      rows.push({ ...(row.value as object) })
      position = row.offset
    }
    assert.equal(position, size.offset + (size.value as number))
    assert.ok(bytes.subarray(position, position + 16).equals(sync))
    at = position + 16
  }
  return rows
}

const events = fc.array(fc.record({ offset: fc.nat(2 ** 45), a: fc.string({ maxLength: 200 }) }), { maxLength: 50 })

describe('framed rows', () => {
  it('are read back as Avro, each between its offset twice, however the blocks are cut', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 500 }), (list, blockBytes) => {
        const rows = new Rows(16)
        for (const { offset, a } of list) {
          const bytes = Buffer.concat([Buffer.from([9, 9]), datum.toBuffer({ a }), Buffer.from([9])])
          rows.add(offset, bytes, 2, bytes.length - 1)
        }
        assert.deepEqual(
          readBlocks(rows.blocks(0, rows.count, sync, blockBytes)),
          list.map(({ offset, a }) => ({ _off: offset, a, _end: offset })),
        )
        assert.deepEqual(
          list.map((_, row) => rows.offset(row)),
          list.map(({ offset }) => offset),
        )
      }),
    )
  })

  it('can be taken in ranges that together are the whole', () => {
    fc.assert(
      fc.property(events, fc.nat(50), (list, cut) => {
        const rows = new Rows()
        for (const { offset, a } of list) {
          const bytes = datum.toBuffer({ a })
          rows.add(offset, bytes, 0, bytes.length)
        }
        const middle = Math.min(cut, rows.count)
        assert.deepEqual(
          [...readBlocks(rows.blocks(0, middle, sync)), ...readBlocks(rows.blocks(middle, rows.count, sync))],
          readBlocks(rows.blocks(0, rows.count, sync)),
        )
      }),
    )
  })

  it('keep no more memory than they are told to once cleared', () => {
    const rows = new Rows(16)
    rows.add(1, Buffer.alloc(100_000), 0, 100_000)
    rows.clear(1_024)
    assert.deepEqual([rows.count, rows.size], [0, 0])
  })
})
