import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { logContract, message } from './contract.ts'
import { memoryLog } from './memory.ts'

describe('log in memory', () => {
  const log = memoryLog()
  logContract(log)

  it('shows its records and fails on demand', async () => {
    const own = memoryLog()
    await own.admin().ensureTopics([{ name: 't', partitions: 1, configs: {} }])
    own.failNext(new Error('planned'))
    const producer = own.producer()
    await assert.rejects(producer.send('t', [message('k', 'lost')]), /planned/)
    await producer.send('t', [message('k', 'kept')])
    assert.deepEqual(
      own.records('t').map(({ value, offset }) => [value.toString(), offset]),
      [['kept', 0]],
    )
  })
})
