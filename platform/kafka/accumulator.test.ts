import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compatibilityPartitioner } from '@platformatic/kafka'
import fc from 'fast-check'
import { systemClock } from '../clock.ts'
import { encodeBatch } from './batch-writer.ts'
import { message } from './contract.ts'
import { nextSequence, openAccumulator, type AccumulatorOptions } from './accumulator.ts'
import { partitionOf } from './partitioner.ts'
import type { BatchTransport } from './produce.ts'
import { readRecordBatches } from './record-batch.ts'

const options: AccumulatorOptions = {
  compression: 'none',
  lingerMs: 1,
  maxBatchMessages: 3,
  maxBatchBytes: 1_000,
  deliveryMs: 400,
}
const networkFault = new Error('Connection closed')
const brokerFault = (apiCode: number): Error => Object.assign(new Error(`code ${apiCode}`), { apiCode })

/** A broker of one partition that checks sequences as Kafka does. */
function broker(faults: (Error | 'answer lost' | 'no answer' | undefined)[] = []) {
  const stored: string[] = []
  const expected = new Map<bigint, number>()
  const batches: number[] = []
  let [ids, onWire, mostOnWire, resets] = [0n, 0, 0, 0]
  const store = (batch: Buffer): void => {
    const [id, sequence, count] = [batch.readBigInt64BE(43), batch.readInt32BE(53), batch.readInt32BE(57)]
    const next = expected.get(id) ?? 0
    if (sequence < next) return
    if (sequence > next) throw brokerFault(45)
    expected.set(id, sequence + count)
    batches.push(count)
    readRecordBatches(batch, 0, {
      record: (_offset, bytes, from, to) => stored.push(bytes.toString('utf8', from, to)) > 0,
    })
  }
  const transport: BatchTransport = {
    async produce(_topic, _partition, batch) {
      mostOnWire = Math.max(mostOnWire, ++onWire)
      try {
        await systemClock.sleep(1)
        const fault = faults.shift()
        if (fault === 'no answer') return await new Promise(() => undefined)
        if (fault instanceof Error) throw fault
        store(batch)
        if (fault === 'answer lost') throw networkFault
      } finally {
        onWire--
      }
    },
    identify: async () => ({ id: ++ids, epoch: 0 }),
    reset: () => void resets++,
  }
  return {
    transport,
    stored,
    batches,
    identities: () => ids,
    mostOnWire: () => mostOnWire,
    resets: () => resets,
    forgetAll: () => expected.clear(),
  }
}

function sender(transport: BatchTransport, over: Partial<AccumulatorOptions> = {}) {
  const accumulator = openAccumulator('t', 0, transport, systemClock, { ...options, ...over })
  return (...values: string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      let left = values.length
      const settle = (count: number, _bytes: number, error?: Error): void => {
        left -= count
        if (error !== undefined) reject(error)
        else if (left === 0) resolve()
      }
      for (const value of values) accumulator.add(message('k', value), settle)
    })
}

describe('accumulator', () => {
  it('gathers concurrent calls into batches within the limits, in order, one on the wire at a time', async () => {
    const { transport, stored, batches, mostOnWire } = broker()
    const send = sender(transport)
    await Promise.all([send('a'), send('b', 'c', 'd'), send('e'), send('x'.repeat(990))])
    assert.deepEqual(stored, ['a', 'b', 'c', 'd', 'e', 'x'.repeat(990)])
    assert.deepEqual(batches, [3, 2, 1])
    assert.equal(mostOnWire(), 1)
  })

  it('repeats a batch whose answer was lost, and it is stored once', async () => {
    const { transport, stored, identities, resets } = broker(['answer lost', networkFault, undefined])
    await sender(transport)('a')
    assert.deepEqual(stored, ['a'])
    assert.equal(identities(), 1n)
    assert.equal(resets(), 2)
  })

  it('tells the caller at once when the broker refuses the records, and goes on with the next', async () => {
    const { transport, stored } = broker([brokerFault(10)])
    const send = sender(transport)
    await assert.rejects(send('too large'), { code: 'KAFKA_PRODUCE_FAILED' })
    await send('b')
    assert.deepEqual(stored, ['b'])
  })

  it('takes a new producer id after a failure: the broker must not take the next batch for the lost one', async () => {
    const { transport, stored, identities } = broker(['answer lost', 'no answer'])
    const send = sender(transport, { deliveryMs: 100 })
    await assert.rejects(send('a'), { code: 'KAFKA_PRODUCE_FAILED', message: /no answer within 100 ms/ })
    await send('b')
    assert.deepEqual(stored, ['a', 'b'])
    assert.equal(identities(), 2n)
  })

  it('goes on when the broker has forgotten the producer', async () => {
    const { transport, stored, forgetAll } = broker()
    const send = sender(transport)
    await send('a')
    forgetAll()
    await send('b')
    assert.deepEqual(stored, ['a', 'b'])
  })

  it('fails every call that had a part in the batch, and no other', async () => {
    const { transport } = broker([brokerFault(10), undefined])
    const send = sender(transport)
    const results = await Promise.allSettled([send('a'), send('b', 'c', 'd'), send('e')])
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    )
  })
})

describe('sequence of a producer', () => {
  it('begins at 0 again after 2^31 - 1: ten hours at 60,000 events a second', () => {
    assert.deepEqual([nextSequence(0, 5), nextSequence(2 ** 31 - 1, 1), nextSequence(2 ** 31 - 3, 7)], [5, 0, 4])
  })
})

describe('partition of a key', () => {
  it("is the one of Kafka's Java client", () => {
    // Vectors of org.apache.kafka.common.utils.UtilsTest.testMurmur2, by way of their partition of 2^31 - 1.
    const vectors: [string, number][] = [
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
      ['abc', 479470107],
    ]
    for (const [key, hash] of vectors) assert.equal(partitionOf(Buffer.from(key), 2 ** 31), hash & 0x7fff_ffff)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const key = Buffer.from(bytes)
        assert.equal(partitionOf(key, 2 ** 31), compatibilityPartitioner({ topic: 't', key, value: key }, key))
      }),
    )
  })
})

describe('record batch', () => {
  it('is read back as it was written, under every compression', () => {
    const values = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(values, fc.constantFrom('none', 'lz4', 'snappy', 'zstd'), (list, compression) => {
        const messages = list.map((value, i) => ({ key: Buffer.from('k'.repeat(i)), value: Buffer.from(value) }))
        const batch = encodeBatch(messages, { id: 7n, epoch: 1 }, 3, compression, 1_700_000_000_000)
        const read: Buffer[] = []
        const result = readRecordBatches(batch, 0, {
          record: (_offset, bytes, from, to) => read.push(Buffer.from(bytes.subarray(from, to))) > 0,
        })
        assert.equal(result.nextOffset, messages.length)
        assert.deepEqual(
          read,
          messages.map(({ value }) => value),
        )
      }),
      { numRuns: 60 },
    )
  })
})
