import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../platform/clock.ts'
import type { UnitType } from '../../schemas/experiments/experiment.ts'
import { sessionsBefore } from '../qoe/index.ts'
import { landRecords, LOGGED } from '../qoe/session/fixture.ts'
import { idOf } from '../touched/fixture.ts'
import { asOf, passedCut } from './index.ts'
import { act, experiment, expose, HOUR_MS, offsets, register, rows, settleAll, store, T, useStore } from './testing.ts'

const COLUMNS =
  'metric, unit_id, excluded, phase, variation, first_ms, closes_ms, seen_before, bitrate_before, value, per, before_value, before_per, first_rel, bins, counts, pick'

interface Happened {
  readonly what: 'exposure' | 'action' | 'record'
  readonly profile: string
  readonly household: string
  readonly variation: number
  /** Hours from T. */
  readonly at: number
  readonly session: number
}

const recordOf = ({
  id,
  clock,
  n,
  profile,
  household,
  session,
}: Pick<Happened, 'profile' | 'household' | 'session'> & { id: string; clock: string; n: number }) => {
  const start = T + (session - 2) * HOUR_MS
  return {
    ...{ clock, session_id: id, instance: start, segment: 0, seq: n, session_start: start, segment_start: start },
    ...{ event_time: start + 60_000 + n, received_time: LOGGED, state: 'p', oca: 'oca-1' },
    profile_id: session === 4 ? profile : household === '' ? '' : 'abc'[session % 3],
    household_id: session === 3 ? household : 'h',
    ...{ startup_ms: 900, starting_ms: 900, playing_ms: 1_000 * n, media_ms: 1_000 * n, bits_played: 4_000 * n },
    ...{ stall_connection_ms: 10 * n, stall_connection_count: n },
  }
}

describe('outcomes as of a place of the log', () => {
  useStore()
  const happened = fc.record({
    what: fc.constantFrom('exposure', 'action', 'action', 'record', 'record'),
    profile: fc.constantFrom('a', 'b', 'c'),
    household: fc.constantFrom('h', 'i', ''),
    variation: fc.nat(1),
    at: fc.integer({ min: -30, max: 20 }),
    session: fc.nat(4),
  })
  let count = 0

  /** Lands events as one insert a topic; records of one session are of any owner and grow in place. */
  const land = async (all: readonly Happened[], clock: string, id: string, unit: UnitType): Promise<void> => {
    const of = (what: Happened['what']) =>
      all.filter((each) => each.what === what).map((each) => ({ ...each, n: ++count, at: T + each.at * HOUR_MS }))
    await expose(
      of('exposure').map(({ n, profile, household, variation, at }) => ({
        ...(unit === 'profile' ? { unit: profile } : { unit: household || 'h', type: unit, profile }),
        ...{ id: idOf(n, 9), clock, experiment: id, variation, at: T + Math.abs(at - T) / 1_000 },
      })),
    )
    await act(
      of('action').map(({ n, profile, household, at }) => ({
        ...{ id: idOf(n, 9), clock, at, profile, household, action: 'play', title: 't' },
      })),
    )
    const records = of('record').map(({ n, ...each }) => recordOf({ ...each, n, id: `${id}-${each.session}`, clock }))
    await landRecords(store, records as never[], { offset: offsets.telemetry })
    offsets.telemetry += records.length
  }
  const asOfRows = async (tables: { outcomes: string }, id: string, clock: string): Promise<string[]> =>
    Buffer.from(
      await store.bytes(
        {
          sql: `SELECT ${COLUMNS} FROM ${tables.outcomes} FINAL WHERE clock = {clock:String} AND experiment_id = {id:String} ORDER BY metric, unit_id`,
          params: { id, clock },
        },
        'TSV',
      ),
    )
      .toString()
      .trim()
      .split('\n')

  for (const unit of ['profile', 'household'] as const)
    it(`are what they were, whatever landed since: ${unit}`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(happened, { minLength: 6, maxLength: 14 }),
          fc.array(happened, { minLength: 4, maxLength: 10 }),
          async (earlier, later) => {
            const id = `${unit}${++count}`
            const [clock, own] = [`clock-${id}`, experiment({ id, unit, clock: `clock-${id}` })]
            await register(own)
            await land([{ ...earlier[0]!, what: 'exposure' }, ...earlier], clock, id, unit)
            await settleAll()
            const cut = await passedCut(store, systemClock, own)
            assert.ok(cut !== undefined)
            const expected = await rows(id, clock, COLUMNS)
            await land(later, clock, id, unit)
            await settleAll()
            const found = await asOf({ store, experiment: own, cut, sessionsBefore, name: id }, (tables) =>
              asOfRows(tables, id, clock),
            )
            assert.deepEqual(found, expected)
          },
        ),
        { numRuns: 2 },
      )
    })

  it('leave no table behind, and nobody who asked to be forgotten', async () => {
    const left = await store.rows("SELECT name FROM system.tables WHERE startsWith(name, 'as_of_')")
    assert.deepEqual(left, [])
    const own = experiment({ id: 'gone', clock: 'gone' })
    await register(own)
    const one = { profile: 'a', household: '', variation: 1, at: 0, session: 0 }
    await land(
      [
        { ...one, what: 'exposure' },
        { ...one, what: 'action', at: 1 },
      ],
      'gone',
      'gone',
      'profile',
    )
    await settleAll()
    const cut = await passedCut(store, systemClock, own)
    const counted = async (): Promise<number> =>
      asOf(
        { store, experiment: own, cut: cut!, sessionsBefore, name: 'gone' },
        async ({ outcomes }) =>
          (
            await store.rows<{ n: number }>(
              `SELECT toFloat64(sum(value)) AS n FROM ${outcomes} FINAL WHERE excluded = 0 AND metric = 'plays@1'`,
            )
          )[0]!.n,
      )
    assert.equal(await counted(), 1)
    await act([
      { id: idOf(++count, 9), clock: 'gone', at: T + 90 * HOUR_MS, profile: 'a', action: 'erasure', title: '' },
    ])
    await settleAll()
    assert.equal(await counted(), 0)
  })
})
