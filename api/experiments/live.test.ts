import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../platform/clock.ts'
import { silentLogger } from '../../platform/logger.ts'
import { createLiveScorecards } from './live.ts'

describe('live scorecards', () => {
  it('go on where one of them cannot be made', async () => {
    let counted = 0
    const live = createLiveScorecards({
      clock: systemClock,
      logger: silentLogger,
      counted: () => Promise.resolve(++counted),
    })
    const told: string[] = []
    const receiver = (name: string) => ({
      send: (_: string, text: string) => told.push(`${name} ${text}`) > 0,
      end: () => undefined,
    })
    live.watch('first', () => Promise.reject(new Error('its metric is gone')), receiver('first'))
    live.watch('second', () => Promise.resolve({ at: counted }), receiver('second'))
    while (told.length < 3) await systemClock.sleep(20)
    live.stop()
    assert.ok(told.every((each) => each.startsWith('second')))
  })
})
