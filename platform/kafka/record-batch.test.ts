import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRecordsBatch } from '@platformatic/kafka'
import fc from 'fast-check'
import { readRecordBatches, recordKey } from './record-batch.ts'

interface Message {
  readonly key: Buffer | null
  readonly value: Buffer | null
}

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

const batchAt = (baseOffset: number, messages: readonly Message[], compression: (typeof CODECS)[number]): Buffer => {
  const bytes = Buffer.from(
    createRecordsBatch(
      messages.map(({ key, value }) => ({
        topic: 't',
        key: key as Buffer,
        value: value as Buffer,
        timestamp: 1_700_000_000_000n,
      })),
      { compression },
    ).buffer,
  )
  bytes.writeBigInt64BE(BigInt(baseOffset), 0)
  return bytes
}

const readAll = (bytes: Buffer, from: number, takes = Number.MAX_SAFE_INTEGER) => {
  const seen: { offset: number; key: string | null; value: string | null }[] = []
  const result = readRecordBatches(bytes, from, {
    record(offset, data, start, end, recordStart) {
      if (seen.length === takes) return false
      const key = recordKey(data, recordStart)
      seen.push({
        offset,
        key: key === null ? null : key.toString('hex'),
        value: start < 0 ? null : data.subarray(start, end).toString('hex'),
      })
      return true
    },
  })
  return { seen, ...result }
}

const message = fc.record({
  key: fc.option(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))),
  value: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
})
const batches = fc.array(
  fc.tuple(fc.array(message, { minLength: 1, maxLength: 20 }), fc.constantFrom(...CODECS), fc.nat(5)),
  { minLength: 1, maxLength: 4 },
)

/** Lays batches one after the other, with gaps in the offsets as compaction leaves them. */
const lay = (list: readonly (readonly [readonly Message[], (typeof CODECS)[number], number])[], first: number) => {
  let next = first
  const expected: { offset: number; key: string | null; value: string | null }[] = []
  const pieces = list.map(([messages, codec, gap]) => {
    const base = next + gap
    next = base + messages.length
    messages.forEach(({ key, value }, i) =>
      expected.push({ offset: base + i, key: key?.toString('hex') ?? null, value: value?.toString('hex') ?? null }),
    )
    return batchAt(base, messages, codec)
  })
  return { bytes: Buffer.concat(pieces), expected, next }
}

describe('reading record batches in place', () => {
  it('gives every record with its offset, key and value, in every compression, nulls and gaps included', () => {
    fc.assert(
      fc.property(batches, fc.nat(2 ** 40), (list, first) => {
        const { bytes, expected, next } = lay(list, first)
        const { seen, nextOffset, complete } = readAll(bytes, first)
        assert.deepEqual(seen, expected)
        assert.deepEqual({ nextOffset, complete }, { nextOffset: next, complete: true })
      }),
      { numRuns: 60 },
    )
  })

  it('skips what lies before the offset asked for: the broker sends whole batches', () => {
    fc.assert(
      fc.property(batches, fc.nat(100), (list, cut) => {
        const { bytes, expected } = lay(list, 1_000)
        const from = 1_000 + cut
        assert.deepEqual(
          readAll(bytes, from).seen,
          expected.filter(({ offset }) => offset >= from),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('leaves a batch that was cut off for the next fetch', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (list, cut) => {
        const { bytes, expected } = lay(list, 7)
        const length = cut % bytes.length
        const { seen, nextOffset } = readAll(bytes.subarray(0, length), 7)
        assert.deepEqual(seen, expected.slice(0, seen.length))
        assert.ok(seen.every(({ offset }) => offset < nextOffset))
        assert.deepEqual(
          readAll(bytes, nextOffset).seen,
          expected.filter(({ offset }) => offset >= nextOffset),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('stops where the sink stops, and goes on from there', () => {
    fc.assert(
      fc.property(batches, fc.nat(30), (list, takes) => {
        const { bytes, expected } = lay(list, 0)
        const first = readAll(bytes, 0, takes)
        assert.deepEqual(first.seen, expected.slice(0, takes))
        assert.deepEqual([...first.seen, ...readAll(bytes, first.nextOffset).seen], expected)
      }),
      { numRuns: 60 },
    )
  })
})
