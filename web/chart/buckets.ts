import { amount, NONE } from '../shell/format.ts'
import type { Row } from './row.ts'

/** Counts by adjacent buckets (four per octave, drawn equally wide). */
export interface HistogramData {
  readonly buckets: readonly Bucket[]
  readonly format: (value: number) => string
  /** Highlighted values: mean, median. */
  readonly marks: readonly { readonly name: string; readonly value: number }[]
  /** Whether there is a second period, drawn as steps. */
  readonly compared: boolean
  /** Link to all the sessions. */
  readonly href: string
}
export interface Bucket {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly before: number
}

export const rangeOf = ({ from, to }: Bucket, format: HistogramData['format']): string =>
  `${format(from)} to ${format(to)}`

/** Totals of the present and the earlier period. */
export const totals = (buckets: readonly Bucket[]): { readonly now: number; readonly before: number } => ({
  now: buckets.reduce((sum, { count }) => sum + count, 0),
  before: buckets.reduce((sum, { before }) => sum + before, 0),
})

const share = (part: number, whole: number): string => (whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : NONE)

export const headOf = ({ compared }: HistogramData): string[] => [
  'from',
  'to',
  'sessions',
  'share',
  ...(compared ? ['sessions before', 'share before'] : []),
]

export function rowsOf({ buckets, format, compared, href }: HistogramData): Row[] {
  const all = totals(buckets)
  return buckets.map((each) => [
    format(each.from),
    format(each.to),
    { text: amount(each.count), href },
    share(each.count, all.now),
    ...(compared ? [amount(each.before), share(each.before, all.before)] : []),
  ])
}
