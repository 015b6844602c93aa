import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MINUTE_STATE } from '../state.ts'
import type { Segment } from './segment.ts'
import { watermarkOf } from './watermark.ts'

const NOW = Date.UTC(2026, 10, 23, 20)
const YEAR_MS = 365 * 86_400_000

interface Player {
  readonly sender: number
  readonly time: number
  readonly received?: number
  readonly ended?: boolean
}

const segmentOf = ({ sender, time, received = NOW, ended = false }: Player): Segment => ({
  place: { values: {}, cell: {}, segments: 1 } as Segment['place'],
  segment: 0,
  sessionStart: 0,
  segmentStart: 0,
  startup: 0,
  begunHeard: 0,
  startHeard: 0,
  received,
  sender,
  taken: 0,
  trimmed: false,
  records: undefined,
  filled: { minute: -1, count: 0 },
  figures: new Map(),
  states: MINUTE_STATE.map((name) => (name === 'last_time' ? time : name === 'ended' ? Number(ended) : 0)),
})
const at = (players: readonly Player[], clock = 'world'): number | undefined =>
  watermarkOf(players.map(segmentOf), NOW, clock)
const many = (count: number, sender: (i: number) => number, time: number): Player[] =>
  Array.from({ length: count }, (_, i) => ({ sender: sender(i), time }))

describe('the watermark', () => {
  it('is not moved by forty invented sessions a year ahead, nor by as many as there are honest ones', () => {
    const honest = many(249, () => 1, NOW - 1_000)
    assert.equal(at([...honest, ...many(40, () => 2, NOW + YEAR_MS)]), NOW - 1_000)
    assert.equal(at([...honest, ...many(40, () => 1, NOW + YEAR_MS)]), NOW - 1_000)
    const viewers = many(100, (i) => i + 1, NOW - 1_000)
    assert.equal(at([...viewers, ...many(100, () => 999, NOW + YEAR_MS)]), NOW - 1_000)
  })

  it('on the clock live is never later than the receipt, whoever says so', () => {
    assert.equal(
      at(
        many(100, (i) => i, NOW + 295_000),
        'live',
      ),
      NOW,
    )
    assert.equal(
      at(
        many(100, (i) => i, NOW + 295_000),
        'world',
      ),
      NOW + 295_000,
    )
  })

  it('lies between honest times while fewer than half as many senders lie, in any number of sessions', () => {
    const sender = fc.record({ offset: fc.integer({ min: -10_000, max: 0 }), sessions: fc.integer({ min: 1, max: 9 }) })
    const liar = fc.record({
      offset: fc.integer({ min: -YEAR_MS, max: YEAR_MS }),
      sessions: fc.integer({ min: 1, max: 60 }),
    })
    const world = fc
      .array(sender, { minLength: 3, maxLength: 30 })
      .chain((honest) => fc.tuple(fc.constant(honest), fc.array(liar, { maxLength: Math.ceil(honest.length / 2) - 1 })))
    fc.assert(
      fc.property(world, fc.infiniteStream(fc.nat()), ([honest, liars], lots) => {
        const players = [...honest, ...liars]
          .flatMap(({ offset, sessions }, i) => many(sessions, () => i + 1, NOW + offset))
          .map((player) => ({ player, lot: lots.next().value as number }))
          .sort((a, b) => a.lot - b.lot)
          .map(({ player }) => player)
        const told = honest.map(({ offset }) => NOW + offset)
        const watermark = at(players)!
        assert.ok(watermark >= Math.floor(Math.min(...told) / 1_000) * 1_000 && watermark <= Math.max(...told))
      }),
    )
  })

  it('is what players tell that still play, and those who ended only where few others are left', () => {
    const over = many(50, () => 1, NOW - 600_000).map((player) => ({ ...player, ended: true }))
    assert.equal(at([...over, ...many(6, () => 1, NOW)]), NOW)
    assert.equal(at([...over, ...many(2, () => 1, NOW)]), NOW - 600_000)
    assert.equal(at(over), NOW - 600_000)
  })

  it('leaves out who was not heard for twenty seconds, and is unknown without anybody', () => {
    assert.equal(at([{ sender: 1, time: NOW, received: NOW - 21_000 }]), undefined)
    assert.equal(at([]), undefined)
  })
})
