import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StoreError } from './port.ts'
import { inSlices, type Slice } from './slices.ts'

const outOfMemory = (): StoreError => new StoreError('memory limit exceeded', 241)

describe('slices', () => {
  it('hold each row exactly once, whatever is dearer than its number says', async () => {
    const world = fc.record({
      hashes: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 200 }),
      most: fc.integer({ min: 1, max: 100 }),
      room: fc.integer({ min: 3, max: 100 }),
      dear: fc.nat(6),
    })
    await fc.assert(
      fc.asyncProperty(world, async ({ hashes, most, room, dear }) => {
        // Rows that differ in their hash can be told apart; a few of them weigh three of the others.
        const rows = [...new Set(hashes)]
        const done: number[] = []
        await inSlices(rows.length, most, async ({ of, at }) => {
          const mine = rows.filter((hash) => hash % of === at)
          if (mine.reduce((weight, hash) => weight + (hash % 7 < dear ? 3 : 1), 0) > room && of <= rows.length)
            throw outOfMemory()
          done.push(...mine)
        })
        assert.deepEqual(
          done.toSorted((a, b) => a - b),
          rows.toSorted((a, b) => a - b),
        )
      }),
    )
  })

  it('are refused once for all that are as dear', async () => {
    const asked: Slice[] = []
    await inSlices(100, 25, async (slice) => {
      asked.push(slice)
      if (slice.of === 4) throw outOfMemory()
    })
    assert.deepEqual(
      asked.map(({ of, at }) => `${at}/${of}`),
      ['0/4', '0/8', '4/8', '1/8', '5/8', '2/8', '6/8', '3/8', '7/8'],
    )
  })

  it('that fail for another reason, or cannot be smaller, fail', async () => {
    await assert.rejects(
      inSlices(4, 2, () => Promise.reject(new Error('no disk'))),
      /no disk/,
    )
    await assert.rejects(
      inSlices(4, 2, () => Promise.reject(outOfMemory())),
      StoreError,
    )
  })

  it('of nothing are none', () => inSlices(0, 5, () => Promise.reject(new Error('asked'))))

  it('come to an end for a table without rows', async () => {
    const seen: Slice[] = []
    await inSlices(1, 0, (slice) => Promise.resolve(void seen.push(slice)))
    assert.deepEqual(seen, [{ of: 1, at: 0 }])
  })
})
