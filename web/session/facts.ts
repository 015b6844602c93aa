import type { Row } from '../chart/row.ts'
import type { Definition, MetricsAnswer, Value } from '../shell/answers.ts'
import { amount, bitrate, exactly, fullTime, NONE, percent, seconds } from '../shell/format.ts'
import { sessionsLink } from '../shell/links.ts'
import { bounds, duration, unitOf } from '../shell/units.ts'
import type { ReducedSession, SessionAnswer } from './types.ts'

const OUTCOMES = [
  ['vsf_business', 'its start was refused'],
  ['vsf_technical', 'its start failed'],
  ['ebvs', 'left before the first frame'],
  ['vpf_business', 'stopped by a rule'],
  ['vpf_technical', 'failed'],
  ['finished', 'finished'],
  ['quit', 'left'],
] as const
const outcomeOf = ({ numbers }: ReducedSession): string =>
  OUTCOMES.find(([name]) => numbers[name] === 1)?.[1] ?? 'still open'

/** The headline: how this playback went. Pure. */
export function headline({ sessions }: SessionAnswer): string {
  const [first] = sessions
  if (first === undefined) return 'Nothing but requests is known of this session'
  if (sessions.length > 1)
    return `The player started ${sessions.length} times; the last one: ${outcomeOf(sessions.at(-1)!)}`
  const { numbers: n } = first
  const startup = n['startup_ms'] ?? -1
  const start =
    startup >= 0 ? `Started in ${seconds(startup)}` : startup === -1 ? 'No first frame' : 'Started, start-up unreported'
  const stalls =
    n['stall_count'] === 0
      ? 'no stall'
      : `${n['stall_count']} ${n['stall_count'] === 1 ? 'stall' : 'stalls'} of ${seconds(n['stall_ms']!)} in all`
  return `${start}, ${stalls}, watched ${duration(n['watched_ms'] ?? 0)}; ${outcomeOf(first)}`
}

/** Who played what, and where. */
export function note({ tracks, sessions }: SessionAnswer): string {
  const [row, first] = [tracks.records.at(-1), sessions[0]]
  if (row === undefined) return ''
  return [
    row.title_id,
    row.profile_id === '' ? '' : `profile ${row.profile_id}`,
    row.country,
    row.asn === 0 ? '' : `network AS${row.asn}`,
    row.device,
    row.app_version === '' ? '' : `app ${row.app_version}`,
    row.player,
    first === undefined ? '' : `begun ${fullTime(first.numbers['session_start'] ?? 0)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

const share = (part = 0, whole = 0): string => (whole > 0 ? percent(part / whole) : NONE)
const time = (ms = -1): string => (ms < 0 ? NONE : seconds(ms))

/** Facts of one player start. */
export const factRows = ({ numbers: n, status, end_reason: reason }: ReducedSession, prefix: string): Row[] => [
  [`${prefix}Status`, reason === '' ? status : `${status}, told: ${reason.replaceAll('_', ' ')}`],
  [
    'Records landed of those known to be sent',
    `${amount(n['records'] ?? 0)} of ${amount(n['expected'] ?? 0)}, ${share(Math.min(n['records'] ?? 0, n['expected'] ?? 0), n['expected'])}`,
  ],
  ['Time that no record accounts for', duration(n['hidden_ms'] ?? 0)],
  ['Counters', n['exact'] === 1 ? 'exact: every counter is told' : 'plain CMCD: read from its changes of state'],
  ...((n['startup_page_ms'] ?? -1) < 0 ? [] : [['Page, before the request', time(n['startup_page_ms'])]]),
  ['Start-up, request to first frame', time(n['startup_ms'])],
  ...(
    [
      ['startup_player_ms', 'player'],
      ['startup_drm_ms', 'licence'],
      ['startup_ad_ms', 'advertisement'],
      ['startup_content_ms', 'content'],
    ] as const
  ).flatMap(([name, what]): Row[] => ((n[name] ?? -1) < 0 ? [] : [[`of it ${what}`, time(n[name])]])),
  ...(
    [
      ['connection', 'for want of data'],
      ['decoder', 'by the decoder'],
      ['ad', 'around an advertisement'],
    ] as const
  ).map(([name, what]): Row => [
    `Stalled ${what}`,
    `${amount(n[`stall_${name}_count`] ?? 0)} times, ${seconds(n[`stall_${name}_ms`] ?? 0)}`,
  ]),
]

export const partRow = (part: ReducedSession['parts'][number]): Row => {
  const of = (name: string): number => part.counters[name] ?? 0
  return [
    String(part.segment),
    part.oca || 'unknown',
    part.asn === 0 ? 'unknown' : `AS${part.asn}`,
    part.app_version,
    duration(of('playing_ms')),
    seconds(of('stall_connection_ms') + of('stall_decoder_ms') + of('stall_ad_ms')),
    duration(of('media_ms')),
    bitrate(of('media_ms') > 0 ? of('bits_played') / of('media_ms') : null),
    `${amount(of('requests_failed'))} of ${amount(of('requests'))}`,
    seconds(part.hidden_ms),
  ]
}

/** Metric values of one session, as far as loaded. */
export interface Measured {
  readonly clock: string
  readonly id: string
  readonly isOpen: boolean
  readonly definitions: readonly Definition[]
  readonly answers: readonly MetricsAnswer[]
}

/** A metric's value for the session, with a link to the number in the list of sessions. */
export function metricRow(
  { clock, id, answers }: Measured,
  { id: metric, title, definition, unit: name }: Definition,
  value: Value | undefined,
): Row {
  const [from, to] = [answers[0]?.from, answers[0]?.to]
  const period = { ...(typeof from === 'number' && { from }), ...(typeof to === 'number' && { to }) }
  const link = {
    text: title,
    href: sessionsLink({ clock, metric, filters: { session_id: id }, ...period }),
    title: definition,
  }
  if (value === undefined) return [link, NONE, '', '', '', metric]
  const unit = unitOf(name)
  return [
    link,
    unit.format(value.value),
    bounds(value, unit) || (value.value === null ? '' : 'exact'),
    exactly(value.numerator),
    exactly(value.denominator),
    metric,
  ]
}
