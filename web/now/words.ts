import type { MetricsRow } from '../shell/answers.ts'
import { amount, NONE, percent } from '../shell/format.ts'
import { age } from '../shell/state.ts'
import { bounds, unitOf } from '../shell/units.ts'
import { rebufferState, type Frame } from './view.ts'

/** Minimum sessions to judge a row. */
const ENOUGH = 25

export const nameOf = (value = ''): string => value || 'unknown'
/** Bounds of a row's rebuffering, given the missing telemetry; '' if none is missing. */
export const canBe = (row: MetricsRow): string => bounds(row.values[0]!, unitOf('ratio'))
export const stateOf = ({ sessions, values }: MetricsRow): 'good' | 'warn' | 'bad' | 'unknown' | 'few' =>
  sessions < ENOUGH ? 'few' : rebufferState(values[0]!.value)

export const mostMissing = (rows: readonly MetricsRow[]): MetricsRow[] =>
  rows.toSorted((a, b) => b.hidden_ms - a.hidden_ms || (a.completeness ?? 1) - (b.completeness ?? 1))

/** The uncertainty from missing telemetry, in a sentence. Pure. */
export function missingWords(row: MetricsRow | undefined): string {
  if (row === undefined || row.completeness === null) return `${NONE}: no session began in the last hour.`
  const [can, hidden] = [
    canBe(row),
    row.hidden_ms === 0
      ? ''
      : `; ${age(row.hidden_ms)} of ${amount(row.sessions)} ${row.sessions === 1 ? 'session' : 'sessions'} are not told`,
  ]
  return `${percent(row.completeness)} of the records that players sent arrived${hidden}. Rebuffering of what is known is ${percent(row.values[0]!.value)}${can === '' ? '.' : `; with what is missing it can be ${can}.`}`
}

/** How far history is behind the live view, from /v1/sink. */
export const lagWords = (seconds: number | null): string =>
  seconds === null ? `How far sessions are behind live: ${NONE}` : `Sessions are ${age(seconds * 1_000)} behind live`

const DIMENSIONS = {
  country: 'countries',
  asn: 'networks',
  oca: 'OCAs',
  device: 'devices',
  app_version: 'app versions',
}

/** What the bounds of the live view leave out of the figures or of their names, in a sentence; '' if nothing. */
export function leftOutWords({ left_out: { values, sessions, records }, minutes }: Frame): string {
  const named = Object.entries(DIMENSIONS)
    .filter(([name]) => (values[name] ?? 0) > 0)
    .map(([name, plural]) => `${amount(values[name]!)} ${plural}`)
  const groups = Math.max(0, ...minutes.map(({ other_groups: others }) => others))
  return [
    named.length === 0 ? '' : `More names than the live view holds: ${named.join(', ')} are summed as “(others)”.`,
    groups === 0 ? '' : `${amount(groups)} small places of a minute are summed as “(others)”.`,
    sessions === 0 ? '' : `About ${amount(sessions)} sessions are too many to follow: their later records are missing.`,
    records === 0
      ? ''
      : `About ${amount(records)} records are too many of one session in a minute: they count as lost.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}
