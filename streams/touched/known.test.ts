import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Known } from './known.ts'

interface Row {
  readonly hash: bigint
  readonly at: number
  readonly group: number
  readonly mark: number
  readonly flag?: boolean
}

/** As the store sends them. */
function bodyOf(rows: readonly Row[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(32 * rows.length))
  for (const [i, { hash, at, group, mark, flag = false }] of rows.entries()) {
    view.setBigUint64(32 * i, hash, true)
    view.setFloat64(32 * i + 8, at, true)
    view.setInt32(32 * i + 16, group, true)
    view.setInt32(32 * i + 20, mark, true)
    view.setBigUint64(32 * i + 24, BigInt(flag), true)
  }
  return new Uint8Array(view.buffer)
}

describe('what is known of keys', () => {
  const row = (hash: bigint, at: number, mark = 0, more: Partial<Row> = {}): Row => ({
    hash,
    at,
    group: 0,
    mark,
    ...more,
  })
  const known = (...rows: Row[]): Known => {
    const all = new Known(0)
    all.learn(bodyOf(rows))
    return all
  }
  /** Beside one that is known, or new keys would not be listed. */
  const judge = (all: Known, ...rows: Row[]): (readonly string[])[] => {
    all.learn(bodyOf([row(1n, 0)]))
    const { fresh, changed } = all.judge(bodyOf([row(1n, 1), ...rows]))
    return [fresh, changed]
  }

  it('leaves alone what comes later and says nothing new', () => {
    assert.deepEqual(judge(known(row(7n, 100)), row(7n, 101), row(7n, 150), row(7n, 200, 1, { group: 1 })), [[], []])
  })

  it('asks about an earlier one, one at the same time, and one with another mark', () => {
    for (const other of [row(7n, 99), row(7n, 100), row(7n, 101, 1)])
      assert.deepEqual(judge(known(row(7n, 100)), other), [[], ['7']])
    assert.deepEqual(
      judge(known(row(7n, 100, 0, { flag: true })), row(7n, 101, 1)),
      [[], []],
      'several marks: one more is nothing new',
    )
    assert.deepEqual(judge(known(row(7n, Infinity)), row(7n, 101)), [[], ['7']], 'of which nothing is left')
  })

  it('tells keys that nobody had heard of, with all their rows, and then knows them', () => {
    const all = known()
    assert.deepEqual(judge(all, row(2n ** 64n - 1n, 10), row(0n, 20), row(0n, 15, 1)), [
      ['18446744073709551615', '0'],
      [],
    ])
    assert.deepEqual(judge(all, row(2n ** 64n - 1n, 11)), [[], []])
    assert.deepEqual(judge(all, row(0n, 21)), [[], ['0']], 'what it was is for the store to tell')
    all.learn(bodyOf([row(0n, 15, 1)]))
    assert.deepEqual(judge(all, row(0n, 21, 1)), [[], []])
  })

  it('never decides about a profile that once asked to be forgotten', () => {
    assert.deepEqual(judge(known(row(7n, 100)), row(7n, 101, 0, { flag: true }), row(8n, 1, 0, { flag: true })), [
      [],
      ['7', '8'],
    ])
  })

  it('says that all are new only if so', () => {
    assert.equal(known().judge(bodyOf([row(1n, 1), row(1n, 2), row(2n, 1)])).allFresh, true)
    assert.equal(known(row(3n, 1)).judge(bodyOf([row(1n, 1), row(3n, 2)])).allFresh, false)
  })

  it('misses nothing that moves a least event or meets another mark, however it grew', () => {
    const any = fc.record({
      hash: fc.bigInt(0n, 40n).map((n) => (n * 0x9e3779b97f4a7c15n) & (2n ** 64n - 1n)),
      at: fc.nat(20),
      group: fc.nat(1),
      mark: fc.integer({ min: -1, max: 2 }),
    })
    fc.assert(
      fc.property(fc.array(fc.array(any, { maxLength: 40 }), { maxLength: 12 }), (batches) => {
        const all = new Known(0)
        all.learn(
          bodyOf(
            Array.from({ length: 3_000 }, (_, n) =>
              row(((BigInt(n) * 0x5851f42d4c957f2dn) & (2n ** 64n - 1n)) | 1n, 5),
            ),
          ),
        )
        const seen = new Map<bigint, Row[]>()
        for (const batch of batches) {
          const { fresh, changed, allFresh } = all.judge(bodyOf(batch))
          for (const each of batch) {
            const before = seen.get(each.hash) ?? []
            const least = before.reduce<Row | undefined>(
              (first, one) => (first === undefined || one.at < first.at ? one : first),
              undefined,
            )
            const isNews =
              least === undefined ||
              each.at <= least.at ||
              (each.group === least.group &&
                !before.some(({ group, mark }) => group === each.group && mark === each.mark))
            if (isNews) assert.ok(allFresh || fresh.includes(String(each.hash)) || changed.includes(String(each.hash)))
          }
          for (const each of batch) seen.set(each.hash, [...(seen.get(each.hash) ?? []), each])
        }
      }),
    )
  })
})
