import fc from 'fast-check'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { MINUTE_MS, minuteOf } from '../definitions.ts'
import { type Beacon, type Phase, type Playback } from '../fixture.ts'
import { readMinutes } from './stored.ts'
import type { MinuteCell } from './spread.ts'

export const T0 = Date.UTC(2026, 10, 23, 20)
const phase = fc.record({
  state: fc.constantFrom<Phase['state']>('p', 'p', 'p', 'r', 'k', 'a'),
  ms: fc.integer({ min: 1, max: 90_000 }),
})
const playback = (index: number): fc.Arbitrary<Playback> =>
  fc.record({
    session: fc.constant(`s${index}`),
    country: fc.constant(`c${index}`),
    start: fc.integer({ min: T0, max: T0 + 120_000 }),
    startup: fc.integer({ min: 1, max: 70_000 }),
    phases: fc.array(phase, { maxLength: 6 }),
    cuts: fc.array(fc.nat(300_000), { maxLength: 2 }),
    end: fc.constantFrom<'f' | 'q'>('f', 'q'),
    device: fc.constantFrom('tv', 'phone'),
    asn: fc.integer({ min: 0, max: 2 }),
    business: fc.boolean(),
  })
/** Beacons of some playbacks; a tenth of them are lost. */
export const history = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => playback(i)))),
    fc.infiniteStream(fc.nat(9)),
  )
  .map(([playbacks, lots]) => ({
    playbacks,
    lost: (beacons: Beacon[]): Beacon[] => beacons.filter(() => (lots.next().value as number) > 0),
  }))

/** Minutes that the beacons belong to. */
export function minutesOf(beacons: readonly Beacon[]): number[] {
  const first = minuteOf(Math.min(...beacons.map(({ sessionStart }) => sessionStart)))
  const last = minuteOf(Math.max(...beacons.map(({ at }) => at)))
  return Array.from({ length: (last - first) / MINUTE_MS + 1 }, (_, i) => first + i * MINUTE_MS)
}

/** Stored cells of each of these minutes, ordered by their dimensions. */
export async function storedCells(
  store: Store,
  clock: string,
  minutes: readonly number[],
): Promise<(readonly MinuteCell[])[]> {
  const stored = await readMinutes(store, { clock, from: minutes[0]!, to: minutes.at(-1)! })
  return minutes.map((each) => inOrder(stored.find(({ minute }) => minute === each)?.cells ?? []))
}

export const inOrder = (cells: readonly MinuteCell[]): MinuteCell[] =>
  cells.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
const nameOf = ({ country, asn, oca, device, app_version }: MinuteCell): string =>
  [country, asn, oca, device, app_version].join('\n')
