import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { faultsOf } from './players/judge.ts'
import { kept } from './players/recordings.ts'
import { PLAYBACKS, told } from './players/told.ts'

/**
 * What the running system tells of playbacks that players reported by CMCD alone, beside what the page saw of their
 * `<video>` elements. As recorded: test/soak/cmcd-players.test.ts plays them anew.
 */
describe('by CMCD alone, as recorded', { timeout: 200_000 }, () => {
  const recordings = PLAYBACKS.map(({ player, scenario }) => kept(player, scenario))
  let sessions: Awaited<ReturnType<typeof told>>
  before(async () => {
    sessions = await told(recordings)
  })

  for (const recording of recordings)
    it(`${recording.session_id}: what the element showed is told`, () =>
      assert.deepEqual(faultsOf(sessions.get(recording.session_id), recording), []))
})
