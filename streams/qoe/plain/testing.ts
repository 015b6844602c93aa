import fc from 'fast-check'
import type { TelemetryRecord } from '../session/record.ts'

/** When the playback request of a told session was, ms. */
export const T = Date.UTC(2026, 10, 23, 20)

/** A record of plain CMCD: ms after T, state, and what else it has. */
export interface Told {
  readonly at: number
  readonly sta?: string
  /** Event; a change of state unless told otherwise. */
  readonly e?: string
  /** Sequence number; the place in the list unless told otherwise. */
  readonly sn?: number
  readonly msd?: number
  readonly bsa?: number
  readonly bsda?: number
}

/** As the collector makes telemetry of them. */
export const plainRecords = (told: readonly Told[], session = 's', clock = 'world'): TelemetryRecord[] =>
  told.map(({ at, sta = '', e = 'ps', sn, msd, bsa, bsda }, i) => ({
    clock,
    session_id: session,
    instance: 0,
    segment: 0,
    seq: sn ?? i,
    event_time: T + at,
    session_start: e === 'ps' && sta === 's' ? T + at : 0,
    segment_start: e === 'ps' && sta === 's' ? T + at : 0,
    event: e,
    state: e === 'rr' ? '' : sta,
    startup_ms: sta === 's' || sta === 'd' ? null : (msd ?? null),
    stall_connection_count: bsa ?? 0,
    stall_connection_ms: bsda ?? 0,
    errors_fatal: sta === 'f' ? 1 : 0,
    source: 'cmcd',
  }))

const step = fc.record({
  // Mostly what a player does, now and then what none should.
  ms: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 30_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -2_000, max: 0 }) },
    { weight: 1, arbitrary: fc.integer({ min: 30_000, max: 400_000 }) },
  ),
  sta: fc.constantFrom('p', 'p', 'p', 'r', 'r', 'k', 'a', 'w', 's', 'd', 'e', 'q', 'f', ''),
  e: fc.constantFrom('ps', 'ps', 't', 'rr'),
  goesOn: fc.boolean(),
  msd: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined, freq: 3 }),
  isLost: fc.integer({ min: 0, max: 9 }),
})

/** Sessions of any player of plain CMCD: numbered or not, with losses, odd times and states out of order. */
export const anyTold: fc.Arbitrary<Told[]> = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 25 }),
    first: fc.constantFrom('s', 's', 'd', 'r', 'p', 'a', ''),
    from: fc.constantFrom(0, 0, 1, 7),
    isNumbered: fc.integer({ min: 0, max: 9 }),
    isSilent: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ steps, first, from, isNumbered, isSilent }) => {
    let [at, sta]: [number, string] = [0, first]
    return steps.flatMap(({ ms, sta: next, e, goesOn, msd, isLost }, i): Told[] => {
      if (i > 0) [at, sta] = [at + ms, goesOn ? sta : next]
      if (isLost === 0) return []
      return [
        {
          at,
          sta: isSilent === 0 ? '' : sta,
          e: i === 0 ? 'ps' : e,
          sn: isNumbered === 0 ? 0 : from + i,
          ...(msd === undefined ? {} : { msd }),
        },
      ]
    })
  })
  .filter((told) => told.length > 0)
