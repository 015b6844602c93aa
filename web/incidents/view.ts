import type { Cell, Row } from '../chart/row.ts'
import type { Definition } from '../shell/answers.ts'
import { filtersOf, filterWords } from '../shell/filters.ts'
import { amount, clockTime, fullTime, percent } from '../shell/format.ts'
import { sessionsLink } from '../shell/links.ts'
import { age } from '../shell/state.ts'
import { duration, unitOf } from '../shell/units.ts'
import type { Evidence, Incident, IncidentDetail, IncidentsAnswer } from './types.ts'

const goesOn = ({ state }: Incident): boolean => state !== 'ended'
/** Unacknowledged incidents first, then other ongoing ones, newest first; ended ones last. */
const RANK: Readonly<Record<Incident['state'], number>> = { open: 0, acknowledged: 1, muted: 1, ended: 2 }
export const inOrder = (incidents: readonly Incident[]): Incident[] =>
  incidents.toSorted((a, b) => RANK[a.state] - RANK[b.state] || b.found - a.found)

/** Who is affected, as text. */
export const causeWords = (filters: readonly string[]): string => filterWords(filtersOf(filters)) || 'everybody'
/** What is wrong and who is affected: the title of the incident, without ids. */
export const titleWords = ({ session_metric: metric, filters }: Incident, definitions: readonly Definition[]): string =>
  `${definitions.find(({ id }) => id === metric)?.title ?? metric}: ${causeWords(filters)}`

/** The headline: the answer to the page's question. Pure. */
export function headline(
  { clock, watermark, incidents }: IncidentsAnswer,
  definitions: readonly Definition[],
  all: boolean,
): string {
  const going = incidents.filter(goesOn)
  if (going.length > 0) {
    const [first] = inOrder(going)
    const waiting = going.filter(({ state }) => state === 'open').length
    const count = going.length === 1 ? 'One incident goes on' : `${going.length} incidents go on`
    return `${count}, ${waiting === 0 ? 'none waits' : waiting === going.length ? (waiting === 1 ? 'and nobody looks after it' : 'and nobody looks after them') : `${waiting} of them unattended`}: ${titleWords(first!, definitions)} since ${clockTime(first!.start)}`
  }
  const [last] = incidents.toSorted((a, b) => (b.end ?? 0) - (a.end ?? 0))
  if (last !== undefined) return `No incident goes on; the last one ended at ${clockTime(last.end!)}`
  if (watermark === null) return `Nobody was heard on the clock “${clock}”`
  return all ? `No incident was found on the clock “${clock}”` : 'No such incident'
}

const STATES: Readonly<Record<Incident['state'], readonly [text: string, state: string]>> = {
  open: ['unattended', 'bad'],
  acknowledged: ['acknowledged', 'warn'],
  muted: ['muted', 'few'],
  ended: ['ended', ''],
}
export function stateCell({ state }: Incident): Cell {
  const [text, sign] = STATES[state]
  return { text, ...(sign !== '' && { state: sign }) }
}

export const rateText = (rate: number, unit: string): string => unitOf(unit).format(rate)
/** "12 times the usual", if there is a usual value. */
export function timesText(times: number | null): string {
  if (times === null) return 'nothing is usual'
  const text = times >= 10 ? String(Math.round(times)) : String(Number(times.toFixed(1)))
  return text === '1' ? 'as usual' : `${text} times`
}
const lasted = ({ start, end, latest }: Incident): string => duration((end ?? latest) - start)

export const HEAD = ['incident', 'state', 'since', 'lasted', 'sessions hit', 'at its worst', 'usual']

export const incidentRow = (incident: Incident, definitions: readonly Definition[], href: string): Row => [
  { text: titleWords(incident, definitions), href, title: incident.title },
  stateCell(incident),
  { text: clockTime(incident.start), title: fullTime(incident.start) },
  lasted(incident),
  amount(incident.affected_sessions),
  rateText(incident.peak.rate, incident.peak.unit),
  rateText(incident.peak.usual_rate, incident.peak.unit),
]

/** Facts of one incident, in a few rows. */
export const factRows = (incident: IncidentDetail): Row[] => [
  ['State', stateCell(incident)],
  ['First excess', fullTime(incident.start)],
  ['Found', `${fullTime(incident.found)}, ${age(Math.max(0, incident.found - incident.start))} after it`],
  [incident.end === null ? 'Latest excess' : 'Ended', fullTime(incident.end ?? incident.latest)],
  [
    'Sessions hit that would not have been, an estimate',
    { text: amount(incident.affected_sessions), href: sessionsOf(incident, incident.filters) },
  ],
  [
    'At its worst',
    `${rateText(incident.peak.rate, incident.peak.unit)} at ${clockTime(incident.peak.at)}; ${incident.kind === 'threshold' ? 'limit' : 'usual'} ${rateText(incident.peak.usual_rate, incident.peak.unit)}`,
  ],
  ['Shown by', incident.metrics.join(', ')],
  ...(incident.rules.length === 0 ? [] : [['Broken limits', incident.rules.join(', ')]]),
  [
    'Acknowledged',
    incident.acknowledged === null
      ? 'by nobody'
      : `by ${incident.acknowledged.by} at ${fullTime(incident.acknowledged.at)}`,
  ],
  ['Muted', incident.muted === null ? 'no' : `by ${incident.muted.by} until ${fullTime(incident.muted.until)}`],
]

export const asNamed = (filters: readonly string[]): Record<string, string> =>
  Object.fromEntries(filtersOf(filters).map(({ name, value }) => [name, value]))

/** The sessions of a cause during the incident. */
export function sessionsOf(
  { clock, session_metric: metric, period: { from, to } }: IncidentDetail,
  filters: readonly string[],
): string {
  return sessionsLink({ clock, metric, from, to, time: 'open', filters: asNamed(filters) })
}

export const EVIDENCE_HEAD = [
  'cause',
  'share of the excess',
  'here, of the usual',
  'elsewhere',
  'events',
  'expected',
  'score',
  'shown by',
]
export const evidenceRow = (incident: IncidentDetail, each: Evidence, rank: number): Row => [
  { text: `${rank}. ${causeWords(each.filters)}`, href: sessionsOf(incident, each.filters) },
  percent(each.share_of_excess),
  timesText(each.inside),
  timesText(each.outside),
  amount(each.events),
  amount(each.expected_events),
  each.score.toFixed(0),
  each.metric,
]

export const ACTIONS_HEAD = ['what', 'by', 'at', 'until']
export const actionRow = ({ kind, by, at, until }: IncidentDetail['actions'][number]): Row => [
  kind,
  by,
  fullTime(at),
  until === null ? '' : fullTime(until),
]

/** Note below the headline. */
export const note = ({ watermark }: IncidentsAnswer): string =>
  watermark === null
    ? 'What fills it: “npm start” for the simulated world, “npm run -s playloop -- replay” for recorded data, or your own players at the collector. Or choose another clock.'
    : 'j and k go through the list; a acknowledges, m mutes, u unmutes the incident that is shown.'
