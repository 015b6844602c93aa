import type { Store } from '../../../platform/clickhouse/index.ts'
import { readRows, type CodecRow } from '../../../platform/clickhouse/row-codec.ts'
import { SILENCE_MS, SUMS, type MinuteDimension } from '../definitions.ts'
import { hasPlainMinutes, NOT_PLAIN } from '../plain/minutes.ts'
import { mergeHistograms } from '../sketch.ts'
import { EVERYTHING } from '../state.ts'
import { minuteRollups, plainRollups, ROLLUP, type Minute, type MinuteRange } from './rollups.ts'
import type { MinuteCell } from './spread.ts'

/**
 * Stored minutes by some dimensions, oldest first; the other dimensions of a cell are '' and 0. Empty minutes are
 * absent.
 */
export async function readMinutes(
  store: Pick<Store, 'bytes'>,
  range: MinuteRange,
  dimensions?: readonly MinuteDimension[],
  reading = EVERYTHING,
): Promise<Minute[]> {
  const { clock, from, to } = range
  const hasPlain = await hasPlainMinutes(store, { clock, from: from - SILENCE_MS, to: to + SILENCE_MS })
  const counted = hasPlain
    ? { ...reading, condition: `${reading.condition} AND ${NOT_PLAIN('first', 'last')}` }
    : reading
  const own = await readRows(store, minuteRollups(range, dimensions, counted), ROLLUP)
  const rows = hasPlain ? [...own, ...(await readRows(store, plainRollups(range, dimensions, reading), ROLLUP))] : own
  return [...Map.groupBy(rows, ({ minute }) => minute)]
    .sort(([a], [b]) => a - b)
    .map(([minute, cells]) => ({ minute, cells: hasPlain ? united(cells) : cells.map(cellOf) }))
}

const cellOf = ({ minute: _, ...cell }: CodecRow<typeof ROLLUP>): MinuteCell => cell

/** One cell for each combination of dimensions. */
const united = (rows: readonly CodecRow<typeof ROLLUP>[]): MinuteCell[] =>
  [
    ...Map.groupBy(rows.map(cellOf), ({ country, asn, oca, device, app_version }) =>
      [country, asn, oca, device, app_version].join('\n'),
    ).values(),
  ].map((cells) => cells.reduce(added))

const added = (a: MinuteCell, b: MinuteCell): MinuteCell => ({
  ...a,
  ...(Object.fromEntries(SUMS.map((name) => [name, a[name] + b[name]])) as Pick<MinuteCell, (typeof SUMS)[number]>),
  startups: mergeHistograms([a.startups, b.startups]),
})
