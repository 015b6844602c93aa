import { SUMS, type SumName } from '../definitions.ts'
import type { Step } from '../plain/reading.ts'

/**
 * A minute of a session of plain CMCD. What counts for it is read from the records of SILENCE_MS before and after it and
 * from no others, so the answer is the same whatever else is in memory or asked for. plain/minutes.ts does the same in
 * SQL.
 */
export interface PlainMinute {
  readonly sums: Readonly<Record<SumName, number>>
  /** Start-up of the first frame in the minute, ms; -1 = none, or unknown. */
  readonly startup: number
  /** Whether a first frame is known to have been shown by the end of the minute. */
  readonly isShown: boolean
  /** The last of the records that it is read from. */
  readonly last: Step | undefined
}

/** Of a session without records there. */
export const NOTHING: PlainMinute = {
  sums: Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<SumName, number>,
  startup: -1,
  isShown: false,
  last: undefined,
}
export const isSameMinute = (a: PlainMinute, b: PlainMinute): boolean =>
  a.startup === b.startup && SUMS.every((name) => a.sums[name] === b.sums[name])
