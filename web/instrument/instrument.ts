import { openClock, openLook } from './look.ts'
import { createOutbox, noStats, type OutboxStats } from './outbox.ts'
import { reduce } from './reduce.ts'
import type { State } from './state.ts'
import type { Action, Dimensions, Failure, Gauges, Loaded } from './types.ts'

export interface Options {
  /** URL of the collector, such as 'https://collect.example'. */
  readonly collector: string
  /** A key that can only write playback.telemetry: it is visible to everybody who sees the page. */
  readonly key?: string
  readonly title: string
  readonly profile?: string
  readonly appVersion?: string
  readonly household?: string
  readonly country?: string
  readonly region?: string
  readonly asn?: number
  readonly device?: string
  /** Player and version, such as 'hls.js/1.7.4'. */
  readonly player?: string
  readonly oca?: string
  readonly pathway?: string
  readonly streamType?: string
  readonly streamFormat?: string
  /** Id of the playback session; generated if omitted. */
  readonly session?: string
}

/** Values that only the host's player knows. A change of one of the first four begins a segment. */
export interface Change {
  readonly oca?: string
  readonly pathway?: string
  readonly asn?: number
  readonly appVersion?: string
  readonly bitrateKbps?: number
  readonly rendition?: string
  readonly throughputKbps?: number
  /** Loaded since the previous update. */
  readonly loaded?: { readonly bytes?: number; readonly requests?: number; readonly failed?: number }
}

export interface Handle {
  readonly session: string
  readonly stats: Readonly<OutboxStats>
  update(change: Change): void
  /** Reports an error that the element does not know. */
  error(code: string, options?: { readonly kind?: 'technical' | 'business'; readonly fatal?: boolean }): void
  /** Ends the playback and detaches from the element. */
  end(): void
}

const BEAT_MS = 10_000
/** Heartbeat interval while paused: must be below the five minutes after which a player's time counts as unknown. */
const PAUSED_BEAT_MS = 60_000
/** Polling interval of the playhead while it should move. */
const LOOK_MS = 100
const HEARD = ['waiting', 'stalled', 'seeked', 'timeupdate', 'ratechange', 'resize', 'ended'] as const
const TOLD = ['play', 'playing', 'pause', 'seeking'] as const

/** Measures a video element and reports to a collector. Never throws, whatever the input. */
export function instrument(video: HTMLVideoElement, options: Options): Handle {
  try {
    return attach(video, options)
  } catch {
    const nothing = (): void => undefined
    return { session: '', stats: noStats(), update: nothing, error: nothing, end: nothing }
  }
}

function attach(video: HTMLVideoElement, options: Options): Handle {
  const [now, look] = [openClock(), openLook(video)]
  const session = options.session ?? uuid(now())
  const outbox = createOutbox({
    url: `${new URL('/v1/events/playback.telemetry', options.collector).href}?${options.key === undefined ? '' : `key=${encodeURIComponent(options.key)}&`}`,
    now,
    chance,
    beam: (url, body) => navigator.sendBeacon(url, body),
  })
  const same = sameOf(options, session)
  const over = new AbortController()
  const { signal } = over
  let outset: Dimensions & Gauges = {
    oca: options.oca ?? '',
    pathway: options.pathway ?? '',
    asn: options.asn ?? 0,
    app_version: options.appVersion ?? '',
    bitrate_kbps: null,
    rendition: '',
    throughput_kbps: null,
  }
  let state: State | undefined
  let saidAt = 0

  const take = (action: Action): void => {
    const step = reduce(state, look(now()), action, outset)
    state = step.state
    for (const { facts, final } of step.out) {
      saidAt = now()
      outbox.add(JSON.stringify({ event_id: uuid(saidAt), ...same, ...facts }), final)
    }
  }
  /** Errors must not reach the host page. */
  const quietly = (work: () => void): void => {
    try {
      work()
    } catch {
      /* the next look makes up for a lost one */
    }
  }
  const on = (target: EventTarget, name: string, work: () => void): void =>
    target.addEventListener(name, () => quietly(work), { signal })

  for (const type of TOLD) on(video, type, () => take({ type }))
  for (const name of HEARD) on(video, name, () => take({ type: 'look' }))
  on(video, 'error', () => take({ type: 'error', failure: failureOf(video) }))
  on(window, 'pagehide', () => {
    take({ type: 'leave' })
    outbox.beacon()
  })
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      take({ type: 'beat' })
      outbox.beacon()
    }
  })
  const ticking = setInterval(
    () =>
      quietly(() => {
        take({ type: now() - saidAt >= (state?.phase === 'a' ? PAUSED_BEAT_MS : BEAT_MS) ? 'beat' : 'look' })
      }),
    LOOK_MS,
  )
  quietly(() => take({ type: 'look' }))

  return {
    session,
    stats: outbox.stats,
    update: (change) =>
      quietly(() => {
        const { dimensions, gauges, loaded } = changeOf(change)
        take({ type: 'update', dimensions, gauges, loaded })
        outset = { ...outset, ...dimensions, ...gauges }
      }),
    error: (code, { kind = 'technical', fatal = false } = {}) =>
      quietly(() => take({ type: 'error', failure: { code, kind, fatal } })),
    end: () =>
      quietly(() => {
        take({ type: 'leave' })
        outbox.beacon()
        clearInterval(ticking)
        over.abort()
      }),
  }
}

/** Fields that are equal in all records. */
const sameOf = (options: Options, session: string): Readonly<Record<string, string>> => ({
  clock: 'live',
  session_id: session,
  title_id: options.title,
  profile_id: options.profile ?? '',
  household_id: options.household ?? '',
  country: options.country ?? '',
  region: options.region ?? '',
  device: options.device ?? '',
  player: options.player ?? 'html5',
  stream_type: options.streamType ?? 'v',
  stream_format: options.streamFormat ?? '',
})

function changeOf({
  oca,
  pathway,
  asn,
  appVersion,
  bitrateKbps,
  rendition,
  throughputKbps,
  loaded: { bytes, requests, failed } = {},
}: Change): { dimensions: Partial<Dimensions>; gauges: Partial<Gauges>; loaded: Partial<Loaded> } {
  return {
    dimensions: known({ oca, pathway, asn, app_version: appVersion }),
    gauges: known({ bitrate_kbps: rounded(bitrateKbps), rendition, throughput_kbps: rounded(throughputKbps) }),
    loaded: known({ bytes_loaded: bytes, requests, requests_failed: failed }),
  }
}

const rounded = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.round(value))
const known = <T extends object>(values: { [Name in keyof T]: T[Name] | undefined }): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>

/** Codes of HTMLMediaElement.error. */
const failureOf = ({ error }: HTMLVideoElement): Failure => ({
  code: `MEDIA_ERR_${['', 'ABORTED', 'NETWORK', 'DECODE', 'SRC_NOT_SUPPORTED'][error?.code ?? 0]}`,
  kind: 'technical',
  fatal: true,
})

/** A UUIDv7 (RFC 9562); `crypto.randomUUID` exists only in secure contexts. */
function uuid(ms: number): string {
  const random = [...crypto.getRandomValues(new Uint8Array(10))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${'89ab'[parseInt(random[3]!, 16) & 3]}${random.slice(4, 7)}-${random.slice(7, 19)}`
}

const chance = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32
