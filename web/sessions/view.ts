import type { Cell, Row } from '../chart/row.ts'
import type {
  Definition,
  ListedSession,
  MetricsAnswer,
  MetricsRow,
  Part,
  SessionsAnswer,
  Value,
} from '../shell/answers.ts'
import { amount, clockTime, exactly, fullTime, NONE, percent, seconds } from '../shell/format.ts'
import { filterWords, type Filter } from '../shell/filters.ts'
import { sessionLink } from '../shell/links.ts'
import { bounds, duration, unitOf } from '../shell/units.ts'

/** The number whose sessions are listed. */
export const numberOf = ({
  answers,
}: MetricsAnswer): { readonly row: MetricsRow; readonly value: Value } | undefined => {
  const row = answers[0]?.rows[0]
  return row?.values[0] === undefined ? undefined : { row, value: row.values[0] }
}

const sessions = (count: number): string => `${amount(count)} ${count === 1 ? 'session' : 'sessions'}`
const BELONGS: Readonly<Record<string, string>> = { open: 'open', end: 'ended', start: 'begun' }

/** "20:10 to 20:11", with the day if it spans more than one. */
export const periodWords = (from: number, to: number): string =>
  to - from < 86_400_000 ? `from ${clockTime(from)} to ${clockTime(to)}` : `from ${fullTime(from)} to ${fullTime(to)}`

/** The headline: the answer to the page's question. Pure. */
export function headline(
  definition: Definition,
  number: MetricsAnswer,
  list: SessionsAnswer,
  filters: readonly Filter[],
): string {
  const where = filters.length === 0 ? '' : ` of ${filterWords(filters)}`
  if (list.watermark === null) return 'Nobody was heard on this clock'
  if (list.from === null || list.to === null || list.sums === null || list.sums.sessions === 0)
    return `No session${where} ${list.from === null ? '' : periodWords(list.from, list.to!)}`.trim()
  const found = numberOf(number)
  const belongs = BELONGS[number.answers[0]?.time ?? 'start'] ?? ''
  const who = `${sessions(list.sums.sessions)}${where} ${belongs} ${periodWords(list.from, list.to)}`
  return definition.id === 'attempts:playloop' || found === undefined
    ? who
    : `${definition.title} ${unitOf(definition.unit).format(found.value.value)}: ${who}`
}

export const note = ({ id, definition }: Definition, time: string): string =>
  `${id}: ${definition}${time === 'open' ? ' Whole sessions are counted that were open in the period; figures by minute, as on Now, count only the time of the minute.' : ''}`

/** The number, and the sum over the list: they must be equal. */
export function sumRows(
  definition: Definition,
  number: MetricsAnswer,
  { sums }: SessionsAnswer,
  shown: readonly ListedSession[],
): Row[] {
  const found = numberOf(number)
  const unit = unitOf(definition.unit)
  const listed = sums?.parts[0]
  const same = isSame(found?.value, listed) && (found?.row.sessions ?? 0) === (sums?.sessions ?? 0)
  const some = total(shown)
  return [
    [
      'The number',
      found === undefined ? NONE : unit.format(found.value.value),
      found === undefined ? NONE : bounds(found.value, unit) || 'exact',
      ...cells(found?.value, found?.row.sessions),
    ],
    [
      'Sum of all listed sessions',
      { text: same ? 'equal' : 'not equal: this is a fault, please report it', state: same ? 'good' : 'bad' },
      '',
      ...cells(listed, sums?.sessions),
    ],
    ...(sums !== null && shown.length < sums.sessions
      ? [[`The ${exactly(shown.length)} shown below`, '', '', ...cells(some, shown.length)]]
      : []),
  ]
}

const cells = (part: Pick<Part, 'numerator' | 'denominator'> | undefined, count: number | undefined): string[] => [
  exactly(part?.numerator ?? 0),
  exactly(part?.denominator ?? 0),
  exactly(count ?? 0),
]
export const isSame = (a: Part | undefined, b: Part | undefined): boolean =>
  (a?.numerator ?? 0) === (b?.numerator ?? 0) && (a?.denominator ?? 0) === (b?.denominator ?? 0)
const total = (shown: readonly ListedSession[]): Pick<Part, 'numerator' | 'denominator'> => ({
  numerator: shown.reduce((sum, { parts }) => sum + (parts[0]?.numerator ?? 0), 0),
  denominator: shown.reduce((sum, { parts }) => sum + (parts[0]?.denominator ?? 0), 0),
})

/** The uncertainty from missing telemetry. */
export const completeWords = (row: MetricsRow | undefined): string =>
  row === undefined
    ? ''
    : `Of the telemetry that these sessions sent ${row.completeness === null ? 'nobody knows how much' : percent(row.completeness)} landed; ${row.hidden_ms === 0 ? 'no time is unaccounted for' : `${duration(row.hidden_ms)} of their time is not accounted for`}.`

const OUTCOMES: Readonly<Record<string, readonly [text: string, state: string]>> = {
  open: ['open', ''],
  quit: ['left', ''],
  finished: ['finished', 'good'],
  ebvs: ['left before it started', 'warn'],
  vsf_technical: ['start failed', 'bad'],
  vsf_business: ['start refused', 'warn'],
  vpf_technical: ['failed', 'bad'],
  vpf_business: ['stopped by a rule', 'warn'],
}
export const outcomeCell = (outcome: string): Cell => {
  const [text, state] = OUTCOMES[outcome] ?? [outcome, '']
  return { text, ...(state !== '' && { state }) }
}

export const HEAD = [
  'session',
  'began',
  'numerator',
  'denominator',
  'outcome',
  'start-up',
  'stalls',
  'stalled',
  'watched',
  'errors',
  'title',
  'country',
  'device',
  'OCA',
]

/** 01a2093f…514654: enough to distinguish ids at a glance. */
export const shortId = (id: string): string => (id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id)

export const sessionRow = (clock: string, each: ListedSession): Row => [
  { text: shortId(each.session_id), href: sessionLink(clock, each.session_id), title: each.session_id },
  { text: clockTime(each.start_ms), title: fullTime(each.start_ms) },
  exactly(each.parts[0]?.numerator ?? 0),
  exactly(each.parts[0]?.denominator ?? 0),
  outcomeCell(each.outcome),
  seconds(each.startup_ms < 0 ? null : each.startup_ms),
  amount(each.stall_count),
  seconds(each.stall_ms),
  duration(each.watched_ms),
  each.errors.join(', '),
  each.title_id,
  each.country,
  each.device,
  each.ocas.filter((oca) => oca !== '').join(', '),
]
