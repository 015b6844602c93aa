import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { createTurns } from './turns.ts'

describe('turns', () => {
  it('go one after the other, a failed one too; who comes when enough wait is refused', async () => {
    const turns = createTurns(2)
    let running = 0
    const work = async (fails: boolean): Promise<number> => {
      assert.equal(++running, 1)
      await systemClock.sleep(5)
      running--
      if (fails) throw new Error('dear')
      return 7
    }
    const [first, second] = [turns.run(() => work(true)), turns.run(() => work(false))]
    await assert.rejects(
      turns.run(() => work(false)),
      { code: 'API_BUSY' },
    )
    await assert.rejects(first, /dear/)
    assert.equal(await second, 7)
    assert.equal(await turns.run(() => work(false)), 7)
  })
})
