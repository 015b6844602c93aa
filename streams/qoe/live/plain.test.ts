import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { compareRecords, MAX_MINUTE_RECORDS, plainRecordOf, type PlainRecord } from '../plain/record.ts'
import { anyTold, plainRecords, T, type Told } from '../plain/testing.ts'
import type { StateRow } from '../state.ts'
import { createLiveClock, type LiveClock } from './clock.ts'
import { inOrder } from './fixture.ts'
import { snapshotOf } from './spread.ts'

const WINDOW = 120

/** What the tail of the landing table tells of records of one minute of a session. */
const rowOf = (session: number, records: readonly PlainRecord[]): StateRow => {
  const last = Math.max(...records.map(([, time]) => time))
  return {
    clock: 'world',
    partition: 0,
    offset: 0,
    received: last,
    sender: 1,
    key: BigInt(session + 1) * 0x9e3779b97f4a7c15n,
    country: `c${session % 2}`,
    asn: 1,
    oca: '',
    device: '',
    app_version: '',
    segment: 0,
    session_start: 0,
    segment_start: 0,
    startup_ms: -1,
    minute_state: [minuteOf(last), last, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    plain: records.toSorted(compareRecords).flat(),
  }
}
const recordsOf = (told: readonly Told[]): PlainRecord[] =>
  plainRecords(told).map((record) => plainRecordOf(record as never, record.event_time))

const lastMinute = T + (WINDOW - 30) * MINUTE_MS
const open = (): LiveClock => createLiveClock(lastMinute, WINDOW)
const cellsOf = (live: LiveClock): unknown => live.minutes().map((minute) => inOrder(snapshotOf(live.cells(minute))))
/** The minutes as they are loaded from the store: each read as a whole, once its last record is there. */
const loaded = (sessions: readonly (readonly PlainRecord[])[]): LiveClock => {
  const live = open()
  for (const [session, records] of sessions.entries())
    for (const [, own] of [...Map.groupBy(records, ([, time]) => minuteOf(time))].sort(([a], [b]) => a - b))
      live.take(rowOf(session, own))
  return live
}

describe('live minutes of plain CMCD', () => {
  const sessions = fc.array(anyTold, { minLength: 1, maxLength: 4 })

  it('are followed record by record to what they are when read as a whole', () =>
    fc.assert(
      fc.property(sessions, fc.nat(20), fc.infiniteStream(fc.nat(99)), (all, share, stream) => {
        const lot = (): number => stream.next().value as number
        // Now and then a player's clock goes back by minutes.
        const told = all.map((each) =>
          recordsOf(each.map((one) => (lot() < 3 ? { ...one, at: one.at - 400_000 } : one))),
        )
        const live = open()
        const sent = told.flatMap((records, session) => records.map((record) => ({ session, record })))
        // In order, as nearly all come; some later, some twice, some as old as the session.
        const order = sent
          .flatMap((each, at) =>
            lot() < share
              ? [
                  { ...each, at },
                  { ...each, at: at + lot() / 5 },
                ]
              : [{ ...each, at }],
          )
          .map((each) => (lot() < share ? { ...each, at: each.at + lot() / 5 } : each))
          .sort((a, b) => a.at - b.at)
        for (const { session, record } of order) live.take(rowOf(session, [record]))
        if (live.late === 0) assert.deepEqual(cellsOf(live), cellsOf(loaded(told)))
      }),
      { numRuns: 300 },
    ))

  it('hold the first records of a minute, in whatever order more of them come', () => {
    const crowd = Array.from({ length: 3 * MAX_MINUTE_RECORDS }, (_, sn): Told => ({
      at: sn * 60,
      sn,
      sta: sn === 0 ? 's' : sn % 7 === 3 ? 'r' : 'p',
    }))
    const records = recordsOf(crowd)
    const [inTurn, backwards] = [open(), open()]
    for (const record of records) inTurn.take(rowOf(0, [record]))
    // 50 at a time, all of one minute, the last ones first.
    for (let end = records.length; end > 0; end -= 50)
      backwards.take(rowOf(0, records.slice(Math.max(0, end - 50), end)))
    assert.deepEqual(cellsOf(backwards), cellsOf(inTurn))
    assert.deepEqual(cellsOf(loaded([records])), cellsOf(inTurn))
    // 1,000 records a minute: what those beyond 600 hide is unknown, not watched.
    const [first] = inTurn.cells(T)
    assert.deepEqual([first!.plays, first!.watched_ms, first!.unknown], [1, 599 * 60, 0])
    assert.equal(inTurn.leftOut().records, 600)
  })
})
