import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openCursor } from './cursor.ts'

const open = (): ReturnType<typeof openCursor> => openCursor({ partition: 0, received: 1_000 })
const read = (cursor: ReturnType<typeof openCursor>, now: number, ...offsets: number[]): boolean[] => {
  const fresh = offsets.map((offset) => cursor.see(offset, 1_000 + offset))
  cursor.settle(now)
  return fresh
}

describe('how far a partition was read', () => {
  it('begins where the first reading begins, and goes on from its end', () => {
    const cursor = open()
    read(cursor, 0, 12, 10, 11)
    assert.deepEqual(cursor.cut, { partition: 0, offset: 12, received: 1_012 })
    read(cursor, 1, 13)
    assert.equal(cursor.cut.offset, 13)
  })

  it('stays before a gap, so that the batch of another schema is not passed over', () => {
    const cursor = open()
    read(cursor, 0, 0, 1, 3, 5)
    assert.equal(cursor.cut.offset, 1)
    assert.deepEqual(read(cursor, 500, 2, 3, 4, 5, 6), [true, false, true, false, true])
    assert.equal(cursor.cut.offset, 6)
  })

  it('leaves a gap behind once nothing can come any more', () => {
    const cursor = open()
    read(cursor, 0, 0, 2)
    read(cursor, 2_000, 2, 3)
    assert.equal(cursor.cut.offset, 0)
    read(cursor, 4_000, 2, 3, 4)
    assert.equal(cursor.cut.offset, 4)
    read(cursor, 4_500, 5)
    assert.deepEqual(cursor.cut, { partition: 0, offset: 5, received: 1_005 })
  })

  it('counts each offset as new once, in whatever order the parts hold them', () => {
    const cursor = open()
    assert.deepEqual(read(cursor, 0, 9, 7), [true, true])
    assert.deepEqual(read(cursor, 1, 9), [false])
    assert.deepEqual(read(cursor, 2, 11, 9, 8, 10), [true, false, true, true])
    assert.equal(cursor.cut.offset, 11)
    assert.deepEqual(read(cursor, 3, 8, 11), [false, false])
  })
})
