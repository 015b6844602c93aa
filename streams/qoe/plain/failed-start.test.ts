import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { segmentsOf } from '../session/record.ts'
import { reduceSession } from '../session/reduce.ts'
import { IDLE_MS } from '../session/rules.ts'
import { plainRecords, T, type Told } from './testing.ts'

const outcomeOf = (told: readonly Told[]): Record<string, number> => {
  const now = T + told.at(-1)!.at + IDLE_MS
  const { ebvs, vsf_technical, vsf_timeout, vsf_business } = reduceSession(segmentsOf(plainRecords(told)), now)!.numbers
  return { ebvs, vsf_technical, vsf_timeout, vsf_business }
}
/** The state that it starts, every 10 s until `ms`. */
const beats = (ms: number): Told[] =>
  Array.from({ length: ms / 10_000 }, (_, i) => ({ at: (i + 1) * 10_000, sta: 's', e: 't' }))

describe('a failed start of plain CMCD', () => {
  it('fails a start without any error after 60 s that are known, and takes it for an exit before', () => {
    const waiting = (ms: number, end: string): Record<string, number> =>
      outcomeOf([{ at: 0, sta: 's' }, ...beats(ms), { at: ms, sta: end, sn: ms / 10_000 + 1 }])
    const [left, timeout] = [
      { ebvs: 1, vsf_technical: 0, vsf_timeout: 0, vsf_business: 0 },
      { ebvs: 0, vsf_technical: 1, vsf_timeout: 1, vsf_business: 0 },
    ]
    assert.deepEqual([waiting(50_000, 'q'), waiting(60_000, 'q')], [left, timeout])
    // dash.js: the request fails, and nothing more comes.
    assert.deepEqual(outcomeOf([{ at: 0, sta: 's' }]), left)
    // What lost records hide is not known to be a wait.
    assert.deepEqual(
      outcomeOf([
        { at: 0, sta: 's' },
        { at: 70_000, sta: 'q', sn: 5 },
      ]),
      left,
    )
    // The player says that it failed, so that nothing is concluded from the time.
    assert.deepEqual(waiting(60_000, 'f'), { ...timeout, vsf_timeout: 0 })
  })
})
