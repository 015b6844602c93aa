import type { Store } from '../../platform/clickhouse/index.ts'

/** A telemetry record, which tests write directly into the landing table, without the sink. Times in ms. */
export interface Beacon {
  readonly clock: string
  readonly at: number
  readonly received: number
  readonly session: string
  readonly instance: number
  readonly segment: number
  readonly seq: number
  readonly sessionStart: number
  readonly segmentStart: number
  readonly state: string
  readonly country: string
  readonly asn?: number
  readonly device?: string
  readonly oca: string
  readonly startup: number | null
  readonly starting: number
  readonly playing: number
  readonly stalled: number
  readonly seeking: number
  readonly paused: number
  readonly bits: number
  readonly technical: number
  readonly business?: number
  readonly fatal: number
  readonly sender?: number
}

/** Inserts beacons as one insert at consecutive offsets. */
export async function land(
  store: Store,
  beacons: readonly Beacon[],
  { partition = 0, offset, token = '' }: { partition?: number; offset: number; token?: string },
): Promise<void> {
  if (beacons.length === 0) return
  const rows = beacons.map((beacon, i) =>
    JSON.stringify({ ...toRow(beacon), _partition: partition, _offset: offset + i }),
  )
  await store.exec(`INSERT INTO playback_telemetry SETTINGS async_insert = 0, insert_deduplication_token = '${token === '' ? `${partition}-${offset}-${beacons[0]!.clock}` : token}',
  deduplicate_blocks_in_dependent_materialized_views = 1, max_threads = 1
FORMAT JSONEachRow
${rows.join('\n')}`)
}

const toRow = (b: Beacon): Record<string, string | number | null> => ({
  event_id: `${b.session}/${b.instance}/${b.seq}`.slice(-16).padStart(16, '0'),
  clock: b.clock,
  event_time: b.at,
  received_time: b.received,
  session_id: b.session,
  instance: b.instance,
  segment: b.segment,
  seq: b.seq,
  session_start: b.sessionStart,
  segment_start: b.segmentStart,
  event: 't',
  state: b.state,
  country: b.country,
  asn: b.asn ?? 0,
  device: b.device ?? '',
  oca: b.oca,
  startup_ms: b.startup,
  starting_ms: b.starting,
  playing_ms: b.playing,
  stall_connection_ms: b.stalled,
  seeking_ms: b.seeking,
  paused_ms: b.paused,
  media_ms: b.playing,
  bits_played: b.bits,
  errors_technical: b.technical,
  errors_business: b.business ?? 0,
  errors_fatal: b.fatal,
  sender: b.sender ?? 0,
})

/** A period of a playback in one state: p playing, r stalled, k seeking, a paused. */
export interface Phase {
  readonly state: 'p' | 'r' | 'k' | 'a'
  readonly ms: number
}

export interface Playback {
  readonly session: string
  readonly country: string
  readonly asn?: number
  readonly device?: string
  readonly start: number
  /** Request to first frame, ms. */
  readonly startup: number
  readonly phases: readonly Phase[]
  /** Times at which the OCA changes, ms after the start. */
  readonly cuts: readonly number[]
  /** 'f' failed, 'q' quit. */
  readonly end: 'f' | 'q'
  /** True if a limit or a right caused the failure. */
  readonly business?: boolean
}

const HEARTBEAT_MS = 10_000
const KBPS = 4_000

/**
 * The beacons of a playback: every 10 s, at each change of OCA and at the end, with absolute counters of the segment.
 */
export function beaconsOf(playback: Playback, clock: string): Beacon[] {
  const timeline = [{ state: 's', ms: playback.startup }, ...playback.phases]
  const length = timeline.reduce((sum, { ms }) => sum + ms, 0)
  const bounds = [0, ...playback.cuts.filter((cut) => cut > 0 && cut < length).toSorted((a, b) => a - b), length]
  return bounds
    .slice(0, -1)
    .flatMap((from, segment) => {
      const to = bounds[segment + 1]!
      const times = Array.from({ length: Math.ceil((to - from) / HEARTBEAT_MS) }, (_, i) => from + i * HEARTBEAT_MS)
      return [...times, to].map((at) => beacon(playback, clock, timeline, segment, from, at, at === length))
    })
    .map((each, seq) => ({ ...each, seq }))
}

function beacon(
  playback: Playback,
  clock: string,
  timeline: readonly { state: string; ms: number }[],
  segment: number,
  from: number,
  at: number,
  over: boolean,
): Beacon {
  const { session, country, asn = 0, device = '', start, startup, end, business = false } = playback
  const played = at > startup || (at === startup && playback.phases.length > 0)
  const spent = (state: string): number => timeSpent(timeline, state, from, at)
  return {
    clock,
    session,
    country,
    asn,
    device,
    instance: start,
    segment,
    seq: 0,
    at: start + at,
    received: start + at + 150,
    sessionStart: start,
    segmentStart: start + from,
    oca: `oca-${segment % 3}`,
    state: over ? end : played ? 'p' : 's',
    startup: played ? startup : null,
    starting: spent('s'),
    playing: spent('p'),
    stalled: spent('r'),
    seeking: spent('k'),
    paused: spent('a'),
    bits: spent('p') * KBPS,
    technical: over && end === 'f' && !business ? 1 : 0,
    business: over && end === 'f' && business ? 1 : 0,
    fatal: over && end === 'f' ? 1 : 0,
  }
}

/** Time in a state within [from, to). */
export function timeSpent(
  timeline: readonly { state: string; ms: number }[],
  state: string,
  from: number,
  to: number,
): number {
  let [at, total] = [0, 0]
  for (const phase of timeline) {
    if (phase.state === state) total += Math.max(0, Math.min(to, at + phase.ms) - Math.max(from, at))
    at += phase.ms
  }
  return total
}
