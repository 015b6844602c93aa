import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { manualClock } from '../../../platform/clock.ts'
import { createFeeds, type Watcher } from './feeds.ts'
import type { LiveFrame, LiveQuestion } from './figures.ts'

const question: LiveQuestion = { clock: 'world', minutes: 15, group: 'none' }
const answer = ({ clock }: LiveQuestion, only?: ReadonlySet<number>): LiveFrame => ({
  clock,
  group: 'none',
  definitions: { minutes: only === undefined ? 'whole' : [...only].join() },
  as_of: { watermark: 0, received: 0, computed: 0, landed: [] },
  left_out: { values: { country: 0, asn: 0, oca: 0, device: 0, app_version: 0 }, sessions: 0, records: 0 },
  minutes: [],
})

/** What it was sent: the event, then which minutes. */
function watcher(room = Infinity): Watcher & { sent: string[]; room: number } {
  const own = {
    sent: [] as string[],
    room,
    send(kind: string, { definitions }: LiveFrame): boolean {
      if (own.room-- <= 0) return false
      own.sent.push(`${kind} ${definitions['minutes']}`)
      return true
    },
    end: () => undefined,
  }
  return own
}

describe('feeds', () => {
  it('give a whole frame first, then what changed; the minute that has ended with the one that begins', () => {
    const feeds = createFeeds(answer, manualClock())
    const one = watcher()
    feeds.add(question, one, true)
    feeds.tell('world', new Set([60]), 60)
    feeds.tell('world', new Set([120]), 120)
    assert.deepEqual(one.sent, ['frame whole', 'change 60', 'change 120,60'])
  })

  it('say nothing while nothing changes, but for a beat', () => {
    const clock = manualClock()
    const feeds = createFeeds(answer, clock)
    const one = watcher()
    feeds.add(question, one, true)
    feeds.tell('world', new Set(), 60)
    assert.deepEqual(one.sent, ['frame whole'])
    clock.advance(2_000)
    feeds.tell('world', new Set(), 60)
    assert.deepEqual(one.sent, ['frame whole', 'change '])
  })

  it('give one that lagged behind a whole frame, since it missed changes', () => {
    const feeds = createFeeds(answer, manualClock())
    const [slow, quick] = [watcher(1), watcher()]
    feeds.add(question, slow, true)
    feeds.add(question, quick, true)
    feeds.tell('world', new Set([60]), 60)
    slow.room = 5
    feeds.tell('world', new Set([60]), 60)
    feeds.tell('world', new Set([60]), 60)
    assert.deepEqual(slow.sent, ['frame whole', 'frame whole', 'change 60'])
    assert.deepEqual(quick.sent, ['frame whole', 'change 60', 'change 60', 'change 60'])
  })

  it('make each answer once, however many watch it', () => {
    let made = 0
    const feeds = createFeeds((asked, only) => (made++, answer(asked, only)), manualClock())
    for (let i = 0; i < 100; i++) feeds.add(question, watcher(), false)
    feeds.tell('world', new Set([60]), 60)
    feeds.tell('world', new Set([60]), 60)
    assert.equal(made, 2)
    assert.equal(feeds.size, 100)
  })

  it('forget who has left', () => {
    const feeds = createFeeds(answer, manualClock())
    const leave = feeds.add(question, watcher(), true)
    leave()
    assert.deepEqual([feeds.size, feeds.clocks().size], [0, 0])
  })
})
