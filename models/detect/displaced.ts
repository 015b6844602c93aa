/**
 * Sessions that an incident moved to another OCA. Only the OCA of a session can change: when one dies, its clients fail
 * over, and what they suffered on the way (a start that takes seconds) is counted where they end up. An excess there is
 * explained by them if the number of sessions that arrived, and that left the faulty set, covers the number of sessions
 * hit.
 */
import type { Leaves } from './baseline.ts'
import { valuesOfKey, within, type Cause, type Values } from './cells.ts'
import { excessRows, type DetectorState } from './detector.ts'
import { CONCURRENT, METRICS } from './metrics.ts'

/** Standard errors by which the sessions hit may outnumber the sessions that arrived. */
const SURE = 2

/** Whether all sessions of `to` that were hit in excess since then can have come from `from`. */
export function cameFrom(
  detector: DetectorState,
  from: Cause,
  to: Cause,
  metrics: readonly number[],
  since: number,
): boolean {
  if (from.oca === undefined || to.oca === undefined || from.oca === to.oca) return false
  const clients = clientsOf(detector.history, from)
  const known = (values: Values): boolean => clients.has(clientOf(values))
  const rows = [...excessRows(detector, since)].map(([key, row]) => ({ values: valuesOfKey(key), ...row }))
  const usual = Object.entries(detector.history).map(([key, tally]) => ({ values: valuesOfKey(key), tally }))
  return metrics.every((m) => {
    const size = METRICS[m]!.samples === 'attempts' ? 2 * m + 1 : CONCURRENT
    const count = (of: readonly { values: Values; tally: readonly number[] }[], cause: Cause): number =>
      of.reduce((sum, { values, tally }) => (known(values) && within(values, cause) ? sum + tally[size]! : sum), 0)
    const gained = (cause: Cause): number =>
      count(rows, cause) - (count(usual, cause) / Math.max(1, count(usual, {}))) * count(rows, {})
    const hit =
      rows.reduce(
        (sum, { values, tally, expected }) => (within(values, to) ? sum + tally[2 * m]! - expected[m]! : sum),
        0,
      ) / detector.dispersion[m]!
    return hit <= Math.min(gained(to), -gained(from)) + SURE * Math.sqrt(Math.max(0, hit))
  })
}

const BETWEEN = '\u001f'
/** All values except the OCA: those of the client. */
const clientOf = ([asn, , version, device, country]: Values): string => [asn, version, device, country].join(BETWEEN)

/** Clients that normally use a cause. */
function clientsOf(history: Leaves, cause: Cause): ReadonlySet<string> {
  return new Set(
    Object.keys(history)
      .map(valuesOfKey)
      .filter((values) => within(values, cause))
      .map(clientOf),
  )
}
