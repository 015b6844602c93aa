import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createShared } from './shared.ts'

describe('a shared answer', () => {
  it('is worked out once for all who ask while it is fresh, those that wait for it too', async () => {
    let [now, worked] = [0, 0]
    const shared = createShared({ now: () => now }, 10)
    const ask = (question: string): Promise<number> => shared(question, async () => ++worked)
    assert.deepEqual(await Promise.all([ask('a'), ask('a'), ask('b')]), [1, 1, 2])
    now = 9
    assert.equal(await ask('a'), 1)
    now = 10
    assert.equal(await ask('a'), 3)
  })

  it('is none when it failed', async () => {
    const shared = createShared({ now: () => 0 }, 10)
    await assert.rejects(
      shared('a', () => Promise.reject(new Error('away'))),
      /away/,
    )
    assert.equal(await shared('a', async () => 7), 7)
  })

  it('is held for the latest questions alone', async () => {
    const shared = createShared({ now: () => 0 }, 10)
    let worked = 0
    for (let i = 0; i < 65; i++) await shared(String(i), async () => ++worked)
    assert.deepEqual([await shared('64', async () => ++worked), await shared('0', async () => ++worked)], [65, 66])
  })
})
