import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { age, NO_ANSWER, standing, type Standing } from './state.ts'

const well: Standing = { online: true, failure: undefined, ageMs: 900, dueMs: 5_000 }

describe('how a page stands', () => {
  it('is one of six, the most telling first', () => {
    const of = (change: Partial<Standing>): string => standing({ ...well, ...change }).state
    assert.deepEqual(
      [
        of({}),
        of({ ageMs: undefined }),
        of({ ageMs: 5_001 }),
        of({ dueMs: undefined }),
        of({ failure: NO_ANSWER }),
        of({ online: false, failure: NO_ANSWER }),
      ],
      ['live', 'loading', 'stale', 'paused', 'error', 'offline'],
    )
  })

  it('says what happened, the code, what to do, and how old it is what is shown', () => {
    const { banner, aged, word } = standing({
      ...well,
      ageMs: 8_200,
      failure: { title: 'the store is away', code: 'API_STORE_AWAY', next: 'wait' },
    })
    assert.deepEqual(
      [word, banner, aged],
      ['refused', 'The store is away (API_STORE_AWAY). Wait.', 'What is shown is 8 s old.'],
    )
    assert.deepEqual([standing({ ...well, failure: NO_ANSWER }).word, standing(well).banner], ['cut off', ''])
    assert.match(standing({ ...well, online: false, ageMs: undefined }).banner, /^This device is offline\. It goes on/)
  })

  it('says the same as long as it stands the same: only the age goes on', () => {
    for (const change of [{ online: false }, { failure: NO_ANSWER }, { ageMs: 6_000 }]) {
      const [one, later] = [standing({ ...well, ...change }), standing({ ...well, ...change, ageMs: 60_000 })]
      assert.ok(one.banner !== '')
      assert.deepEqual([one.banner, one.aged === later.aged], [later.banner, false])
    }
  })

  it('tells an age as a person would', () => {
    assert.deepEqual([0, 119_000, 120_000, 7_199_000, 7_200_000].map(age), ['0 s', '119 s', '2 min', '120 min', '2 h'])
  })
})
