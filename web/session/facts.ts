import { createTable, type Row } from '../chart/table.ts'
import type { Definition, MetricsAnswer } from '../shell/answers.ts'
import { h, setText } from '../shell/dom.ts'
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

/** The sentence that answers the page's question: how this playback went. Pure. */
export function headline({ sessions }: SessionAnswer): string {
  const [first] = sessions
  if (first === undefined) return 'Nothing but requests is known of this session'
  if (sessions.length > 1)
    return `The player started ${sessions.length} times; the last one: ${outcomeOf(sessions.at(-1)!)}`
  const { numbers: n } = first
  const start = (n['startup_ms'] ?? -1) < 0 ? 'No first frame' : `Started in ${seconds(n['startup_ms']!)}`
  const stalls =
    n['stall_count'] === 0
      ? 'no stall'
      : `${n['stall_count']} ${n['stall_count'] === 1 ? 'stall' : 'stalls'} of ${seconds(n['stall_ms']!)} in all`
  return `${start}, ${stalls}, watched ${duration(n['watched_ms'] ?? 0)}; ${outcomeOf(first)}`
}

/** Who played what, where. */
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

/** What is known of each start of the player. */
export function createStarts(): { readonly element: HTMLElement; draw(sessions: readonly ReducedSession[]): void } {
  const [facts, parts] = [
    createTable(['what is known', 'value'], 'words'),
    createTable([
      'segment',
      'OCA',
      'network',
      'app',
      'playing',
      'stalled',
      'media',
      'average bitrate',
      'failed requests',
      'unaccounted for',
    ]),
  ]
  const element = h(
    'div',
    {},
    h(
      'section',
      { class: 'panel wide', 'aria-labelledby': 'facts-title' },
      h('h2', { id: 'facts-title' }, 'How complete this is'),
      h(
        'div',
        { id: 'facts', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'What is known' },
        facts.element,
      ),
    ),
    h(
      'section',
      { class: 'panel wide', 'aria-labelledby': 'parts-title' },
      h('h2', { id: 'parts-title' }, 'Segments: parts on one OCA, network and version'),
      h(
        'div',
        { id: 'parts', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'List of segments' },
        parts.element,
      ),
    ),
  )
  return {
    element,
    draw(sessions) {
      facts.fill(sessions.flatMap((session, i) => factRows(session, sessions.length > 1 ? `Start ${i + 1}: ` : '')))
      parts.fill(
        sessions.flatMap((session) =>
          session.parts.map((part): Row => {
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
          }),
        ),
      )
    },
  }
}

const factRows = ({ numbers: n, status, end_reason: reason }: ReducedSession, prefix: string): Row[] => [
  [`${prefix}Status`, reason === '' ? status : `${status}, told: ${reason.replaceAll('_', ' ')}`],
  [
    'Records landed of those known to be sent',
    `${amount(n['records'] ?? 0)} of ${amount(n['expected'] ?? 0)}, ${share(Math.min(n['records'] ?? 0, n['expected'] ?? 0), n['expected'])}`,
  ],
  ['Time that no record accounts for', duration(n['hidden_ms'] ?? 0)],
  ['Counters', n['exact'] === 1 ? 'exact: every counter is told' : 'plain CMCD: start-up and stalls alone are counted'],
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

/** What each metric made of the session. */
export function createMetrics(): {
  readonly element: HTMLElement
  draw(
    clock: string,
    id: string,
    isOpen: boolean,
    definitions: readonly Definition[],
    answers: readonly MetricsAnswer[],
  ): void
} {
  const table = createTable(['metric', 'value', 'low to high', 'numerator', 'denominator', 'id'])
  const about = h('p', { class: 'note' })
  const region = h(
    'div',
    { id: 'metrics', class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Metrics of this session' },
    table.element,
  )
  return {
    element: h(
      'section',
      { class: 'panel wide', 'aria-labelledby': 'metrics-title' },
      h('h2', { id: 'metrics-title' }, 'What each metric made of it'),
      about,
      region,
    ),
    draw(clock, id, isOpen, definitions, answers) {
      const rows = answers.flatMap(({ answers: all }) => all.flatMap(({ rows: own }) => own))
      const values = new Map(rows.flatMap((row) => row.values.map((value) => [value.metric, value])))
      const completeness = rows.find((row) => row.completeness !== null)?.completeness ?? null
      const [from, to] = [answers[0]?.from, answers[0]?.to]
      setText(
        about,
        `Completeness ${percent(completeness)}; “low to high” is what lost telemetry leaves open. A metric leads to its number in the list of sessions.${isOpen ? ' The session goes on: figures follow its records within seconds.' : ''}`,
      )
      table.fill(
        definitions.map(({ id: metric, title, definition, unit: name }): Row => {
          const [value, unit] = [values.get(metric), unitOf(name)]
          const link = sessionsLink({
            clock,
            metric,
            filters: { session_id: id },
            ...(typeof from === 'number' && { from }),
            ...(typeof to === 'number' && { to }),
          })
          return [
            { text: title, href: link, title: definition },
            value === undefined ? NONE : unit.format(value.value),
            value === undefined ? '' : bounds(value, unit) || (value.value === null ? '' : 'exact'),
            value === undefined ? '' : exactly(value.numerator),
            value === undefined ? '' : exactly(value.denominator),
            metric,
          ]
        }),
      )
    },
  }
}
