import { bitrate, seconds } from '../shell/format.ts'
import type { ActionRow, DecisionRow, RequestRow, TelemetryRow, Tracks } from './types.ts'

/** A time range in one state; ms. */
export interface Stretch {
  readonly from: number
  readonly to: number
  /** Style class. */
  readonly kind: string
  readonly label: string
}
/** A value from this time on; null = unknown. */
export interface Step {
  readonly at: number
  readonly value: number | null
}
export type Lane = 'errors' | 'decisions' | 'requests' | 'actions'
/** An event. `weight`: severity, 0 none, 1 some, 2 severe. */
export interface Mark {
  readonly at: number
  readonly lane: Lane | 'telemetry'
  readonly what: string
  readonly details: string
  readonly weight: 0 | 1 | 2
}
/** A session as lanes over time. Pure; built from the tracks in the API's answer. */
export interface Timeline {
  readonly from: number
  readonly to: number
  readonly states: readonly Stretch[]
  readonly stalls: readonly Stretch[]
  readonly ocas: readonly Stretch[]
  readonly bitrate: readonly Step[]
  readonly buffer: readonly Step[]
  /** In order of time, all tracks together. */
  readonly marks: readonly Mark[]
  /** Times of interest: stalls, errors, refusals, changes of the OCA. */
  readonly troubles: readonly number[]
}

/** CMCD v2 (CTA-5004-B) tokens of player states. */
const STATES: Readonly<Record<string, string>> = {
  s: 'starting',
  p: 'playing',
  r: 'stalled',
  k: 'seeking',
  a: 'paused',
  w: 'waiting',
  d: 'preloading',
  e: 'ended',
  f: 'failed',
  q: 'left',
}
const OVER = new Set(['e', 'f', 'q'])
const CAUSES = [
  ['stall_connection_ms', 'connection'],
  ['stall_decoder_ms', 'decoder'],
  ['stall_ad_ms', 'advertisement'],
] as const
/** A range with missing telemetry is not drawn as if it were known. */
export const UNKNOWN = 'unknown'

export const stateName = (token: string): string => STATES[token] ?? token

export function timelineOf({ records, decisions, requests, actions }: Tracks): Timeline {
  const instances = [...Map.groupBy(records, ({ instance }) => instance).values()].map((own) =>
    own.toSorted((a, b) => a.seq - b.seq),
  )
  const pairs = instances.flatMap((own) =>
    own.slice(1).map((next, i): readonly [TelemetryRow, TelemetryRow] => [own[i]!, next]),
  )
  const marks = [
    ...instances.flatMap((own) => own.map((row, i) => recordMark(row, own[i - 1]))),
    ...decisions.map(decisionMark),
    ...requests.map(requestMark),
    ...actions.map(actionMark),
  ].sort((a, b) => a.at - b.at)
  const [stalls, ocas] = [
    joined(pairs.flatMap(stallsOf)),
    joined(pairs.flatMap(([a, b]) => stretch(a, b, a.oca === '' ? [] : [['oca', a.oca]]))),
  ]
  return {
    from: marks[0]?.at ?? 0,
    to: marks.at(-1)?.at ?? 0,
    stalls,
    ocas,
    marks,
    states: joined(
      pairs.flatMap(([a, b]) =>
        stretch(
          a,
          b,
          b.seq > a.seq + 1
            ? [[UNKNOWN, `${b.seq - a.seq - 1} records lost`]]
            : OVER.has(a.state)
              ? []
              : [[a.state, stateName(a.state)]],
        ),
      ),
    ),
    bitrate: stepsOf(instances, ({ bitrate_kbps: value }) => value),
    buffer: stepsOf(instances, ({ buffer_ms: value }) => value),
    troubles: [
      ...new Set([
        ...stalls.map(({ from }) => from),
        ...marks.filter(({ weight }) => weight === 2).map(({ at }) => at),
        ...ocas.slice(1).map(({ from }) => from),
      ]),
    ].sort((a, b) => a - b),
  }
}

const stretch = (
  a: TelemetryRow,
  b: TelemetryRow,
  told: readonly (readonly [kind: string, label: string])[],
): Stretch[] => told.map(([kind, label]) => ({ from: a.event_time_ms, to: b.event_time_ms, kind, label }))

/** Counters start at 0 in each segment. */
function stallsOf([a, b]: readonly [TelemetryRow, TelemetryRow]): Stretch[] {
  return CAUSES.flatMap(([counter, cause]) => {
    const grown = b[counter] - (b.segment === a.segment ? a[counter] : 0)
    // Starts when the player says so, otherwise its length before the record that reports it.
    return grown <= 0
      ? []
      : [
          {
            from: a.state === 'r' ? a.event_time_ms : Math.max(a.event_time_ms, b.event_time_ms - grown),
            to: b.event_time_ms,
            kind: cause,
            label: cause,
          },
        ]
  })
}

/** Merges adjacent ranges of the same state. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = []
  for (const each of stretches) {
    const last = found.at(-1)
    if (last?.label === each.label && last.kind === each.kind && last.to === each.from)
      found[found.length - 1] = { ...last, to: each.to }
    else if (each.to > each.from) found.push(each)
  }
  return found
}

/** Values end with the player. */
const stepsOf = (instances: readonly (readonly TelemetryRow[])[], of: (row: TelemetryRow) => number | null): Step[] =>
  instances.flatMap((own) =>
    own.map((row): Step => ({ at: row.event_time_ms, value: OVER.has(row.state) ? null : of(row) })),
  )

/** The difference between a record and the previous one. */
function recordMark(row: TelemetryRow, before: TelemetryRow | undefined): Mark {
  const was = before?.bitrate_kbps ?? null
  const changes = [
    ...(before === undefined
      ? [`start of the player, ${stateName(row.state)}`]
      : before.state === row.state
        ? []
        : [`${stateName(before.state)} → ${stateName(row.state)}`]),
    ...(before !== undefined && row.seq > before.seq + 1 ? [`${row.seq - before.seq - 1} records lost before`] : []),
    ...(was !== null && row.bitrate_kbps !== null && row.bitrate_kbps !== was
      ? [`bitrate ${bitrate(was)} → ${bitrate(row.bitrate_kbps)}`]
      : []),
    ...(before !== undefined && row.oca !== before.oca && row.oca !== ''
      ? [`OCA ${before.oca || 'none'} → ${row.oca}`]
      : []),
    ...((before?.startup_ms ?? null) === null && row.startup_ms !== null
      ? [`first frame after ${seconds(row.startup_ms)}`]
      : []),
    ...(row.error_code === '' ? [] : [`${row.error_kind} error ${row.error_code}`]),
    ...(row.end_reason === '' ? [] : [`end: ${row.end_reason.replaceAll('_', ' ')}`]),
  ]
  return {
    at: row.event_time_ms,
    lane: row.error_code === '' ? 'telemetry' : 'errors',
    what: changes.join('; ') || 'still the same',
    details: recordDetails(row),
    weight: row.error_code !== '' || row.state === 'f' ? 2 : row.state === 'r' ? 1 : 0,
  }
}

const recordDetails = (row: TelemetryRow): string =>
  [
    stateName(row.state),
    ...(row.bitrate_kbps === null ? [] : [bitrate(row.bitrate_kbps)]),
    ...(row.buffer_ms === null ? [] : [`buffer ${seconds(row.buffer_ms)}`]),
    ...(row.throughput_kbps === null ? [] : [`throughput ${bitrate(row.throughput_kbps)}`]),
    ...(row.playhead_ms === null ? [] : [`at ${seconds(row.playhead_ms)} of the title`]),
    row.oca,
    `record ${row.seq}, segment ${row.segment}`,
  ]
    .filter((part) => part !== '')
    .join(', ')

const decisionMark = ({
  event_time_ms: at,
  service,
  outcome,
  outcome_code: code,
  ocas,
  reasons,
}: DecisionRow): Mark => ({
  at,
  lane: 'decisions',
  what: `${service} ${outcome}${code === '' ? '' : ` (${code})`}`,
  weight: outcome === 'denied' ? 2 : outcome === 'degraded' ? 1 : 0,
  details: ocas.map((oca, i) => `${i + 1}. ${oca}${reasons[i] === undefined ? '' : ` by ${reasons[i]}`}`).join(', '),
})

function requestMark({
  event_time_ms: at,
  oca,
  path,
  status,
  bytes,
  ttfb_us: first,
  duration_us: took,
  cache,
  miss_class: miss,
  source,
}: RequestRow): Mark {
  const failed = status === 0 || status >= 400
  const from =
    cache === 'miss' ? `miss${miss === '' ? '' : ` (${miss})`}${source === '' ? '' : ` from ${source}`}` : cache
  return {
    at,
    lane: 'requests',
    what: `${status || 'no answer'}${from === '' ? '' : `, ${from}`}`,
    weight: failed ? 2 : cache === 'miss' ? 1 : 0,
    details: [
      path,
      oca,
      `${bytes.toLocaleString('en')} bytes`,
      ...(first === null ? [] : [`first byte after ${seconds(first / 1_000)}`]),
      ...(took === null ? [] : [`all after ${seconds(took / 1_000)}`]),
    ].join(', '),
  }
}

const actionMark = ({
  event_time_ms: at,
  action,
  title_id: title,
  page,
  row,
  playhead_ms: playhead,
}: ActionRow): Mark => ({
  at,
  lane: 'actions',
  what: action.replaceAll('_', ' '),
  weight: 0,
  details: [
    title,
    page === '' ? '' : `on ${page}`,
    row === '' ? '' : `row ${row}`,
    playhead === null ? '' : `at ${seconds(playhead)} of the title`,
  ]
    .filter((part) => part !== '')
    .join(', '),
})

/** The value of steps at a time. */
export const valueAt = (steps: readonly Step[], at: number): number | null =>
  steps.findLast((step) => step.at <= at)?.value ?? null
/** The range at a time. */
export const stretchAt = (stretches: readonly Stretch[], at: number): Stretch | undefined =>
  stretches.find(({ from, to }) => from <= at && at < to)

/** States and events at a time, as text. */
export function readingAt(timeline: Timeline, at: number): { readonly standing: string; readonly happened: string } {
  const [state, stall] = [stretchAt(timeline.states, at), stretchAt(timeline.stalls, at)]
  const [kbps, buffered] = [valueAt(timeline.bitrate, at), valueAt(timeline.buffer, at)]
  const standing = [
    stall !== undefined && state?.kind === 'r' ? '' : (state?.label ?? ''),
    stall === undefined ? '' : `stalled ${seconds(stall.to - stall.from)} by ${stall.label}`,
    kbps === null ? '' : bitrate(kbps),
    buffered === null ? '' : `buffer ${seconds(buffered)}`,
    stretchAt(timeline.ocas, at)?.label ?? '',
  ]
  return {
    standing: standing.filter((part) => part !== '').join(', '),
    happened: timeline.marks
      .filter((mark) => mark.at === at)
      .map(({ lane, what }) => (lane === 'telemetry' || lane === 'errors' ? what : `${lane.slice(0, -1)}: ${what}`))
      .join('; '),
  }
}
