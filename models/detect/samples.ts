/**
 * Generates seeded minutes of a service for tests and the bench: Poisson counts, evening peaks, faults and roll-outs as
 * data.
 */
import { seeded, type Random } from '../../platform/random.ts'
import { within, type Cause, type MinuteCell, valuesOf } from './cells.ts'
import { MINUTE_MS, type MinuteOfCells } from './minutes.ts'

export interface SampleFault {
  readonly cause: Cause
  /** ms of the clock. */
  readonly from: number
  readonly to: number
  /** Factor on the rate of each. */
  readonly startFailures?: number
  readonly slowStarts?: number
  readonly stalls?: number
  readonly errors?: number
}

export interface SampleOptions {
  readonly seed: number
  readonly from: number
  readonly minutes: number
  /** Attempts a minute; with `evening`, from a quarter of it at night to 2.25 times as many at 21:00. */
  readonly attempts: number
  /** Adds the daily rhythm, and the evening load on every operator's network. */
  readonly evening?: boolean
  readonly faults?: readonly SampleFault[]
  /** A new version that all devices have after so many minutes, neither better nor worse; weak devices get it first. */
  readonly rollout?: { readonly version: string; readonly from: number; readonly minutes: number }
  /** Number of parts in which a minute arrives. */
  readonly slots?: number
}

interface Place {
  readonly values: Pick<MinuteCell, 'country' | 'asn' | 'oca' | 'device' | 'app_version'>
  readonly share: number
  readonly weak: boolean
  readonly congestion: number
}

const COUNTRIES = [
  ['US', 0.5],
  ['BR', 0.3],
  ['DE', 0.2],
] as const
const ISPS = [
  ['fibre', 0.4, 0.2],
  ['cable', 0.35, 0.6],
  ['mobile', 0.25, 0.9],
] as const
const DEVICES = [
  ['tv', 0.45, false],
  ['phone', 0.35, true],
  ['stick', 0.2, true],
] as const
const VERSIONS = [
  ['9.4.0', 0.3],
  ['9.5.0', 0.7],
] as const
/** Share of an ISP's traffic on its main OCA; each country has two shared OCAs. */
const MAIN = 0.7

export const PLACES: readonly Place[] = COUNTRIES.flatMap(([country, ofAll], c) =>
  ISPS.flatMap(([, ofCountry, congestion], i) =>
    [0, 1].flatMap((o) =>
      DEVICES.flatMap(([device, ofDevices, weak]) =>
        VERSIONS.map(([app_version, ofVersions]) => ({
          values: {
            country,
            asn: 64_512 + 3 * c + i,
            oca: `c00${o + 1}.${country.toLowerCase()}`,
            device,
            app_version,
          },
          share: ofAll * ofCountry * (o === i % 2 ? MAIN : 1 - MAIN) * ofDevices * ofVersions,
          weak,
          congestion,
        })),
      ),
    ),
  ),
)

/** Concurrent plays per attempt a minute, and normal rates. */
const CONCURRENT = 30
const FAILED = 0.004
const EXITED = 0.02
const SLOW = 0.04
/** Stalls per play and minute, and their mean length, ms. */
const STALLS = 0.01
const STALL_MS = 9_000
const ERRORS = 0.003

/** The minutes after each slot, always as whole cells. */
export function* sampleMinutes(options: SampleOptions): Generator<MinuteOfCells & { readonly at: number }> {
  const { seed, from, minutes, slots = 1 } = options
  const random = seeded(seed)
  for (let minute = from; minute < from + minutes * MINUTE_MS; minute += MINUTE_MS) {
    const sums = new Map<string, Mutable>()
    for (let slot = 1; slot <= slots; slot++) {
      const at = minute + (MINUTE_MS * slot) / slots
      for (const place of PLACES)
        for (const [values, share] of versionsOf(place, at, options))
          tell(sums, { ...place, values, share }, at, options, random)
      yield { minute, at: at - 1, cells: [...sums.values()] }
    }
  }
}

type Mutable = { -readonly [K in keyof Omit<MinuteCell, 'startups'>]: MinuteCell[K] } & {
  startups: Map<number, number>
}

/** Splits the share of a place between the old and the new version during a roll-out. */
function versionsOf(
  { values, share, weak }: Place,
  at: number,
  { rollout }: SampleOptions,
): [Place['values'], number][] {
  if (rollout === undefined || at < rollout.from) return [[values, share]]
  const progress = Math.min(1, (at - rollout.from) / (rollout.minutes * MINUTE_MS))
  const moved = weak ? Math.min(1, 1.5 * progress) : progress ** 1.5
  return [
    [values, share * (1 - moved)],
    [{ ...values, app_version: rollout.version }, share * moved],
  ]
}

/** 0 at night, 1 at 21:00. */
const eveningOf = (at: number): number =>
  Math.max(0, Math.cos(((((at / 3_600_000) % 24) - 21) / 24) * 2 * Math.PI)) ** 2

function tell(
  sums: Map<string, Mutable>,
  { values, share, weak, congestion }: Place,
  at: number,
  { attempts: all, evening = false, faults = [], slots = 1 }: SampleOptions,
  random: Random,
): void {
  const peak = evening ? eveningOf(at) : 0
  const volume = (evening ? 0.25 + 2 * peak : 1) * all * share
  const worse = (weak ? 1.5 : 1) * (1 + congestion * peak * 1.5)
  const hit = faults.filter(
    ({ cause, from, to }) => at > from && at <= to && within(valuesOf(values as MinuteCell), cause),
  )
  const times = (of: (fault: SampleFault) => number | undefined): number =>
    hit.reduce((factor, fault) => factor * (of(fault) ?? 1), 1)
  const key = valuesOf(values as MinuteCell).join('/')
  const cell = sums.get(key) ?? emptyCell(values)
  const attempts = poisson(volume / slots, random)
  const concurrent = volume * CONCURRENT
  cell.attempts += attempts
  const failed = poisson(attempts * Math.min(0.9, FAILED * times((f) => f.startFailures)), random)
  const exited = poisson(attempts * EXITED, random)
  const plays = Math.max(0, attempts - failed - exited)
  const slow = Math.min(plays, poisson(plays * Math.min(0.9, SLOW * worse * times((f) => f.slowStarts)), random))
  cell.vsf_technical += Math.min(failed, attempts)
  cell.ebvs += Math.min(exited, Math.max(0, attempts - failed))
  addPlays(cell, plays - slow, 1_600)
  addPlays(cell, slow, 6_144)
  cell.watched_ms += Math.round((concurrent * MINUTE_MS) / slots)
  cell.concurrent_plays = Math.round(concurrent)
  for (
    let n = poisson((concurrent * Math.min(0.8, STALLS * worse * times((f) => f.stalls))) / slots, random);
    n > 0;
    n--
  )
    cell.stall_ms += Math.min(MINUTE_MS / slots, Math.round(-Math.log(1 - random.next()) * STALL_MS))
  const errors = poisson((concurrent * ERRORS * times((f) => f.errors)) / slots, random)
  cell.errors_technical += errors
  if (attempts + concurrent > 0.01) sums.set(key, cell)
}

function addPlays(cell: Mutable, plays: number, bucket: number): void {
  if (plays === 0) return
  cell.plays += plays
  cell.startup_ms += plays * bucket
  cell.startups.set(bucket, (cell.startups.get(bucket) ?? 0) + plays)
}

export const emptyCell = (values: Place['values']): Mutable => ({
  ...values,
  attempts: 0,
  plays: 0,
  startup_ms: 0,
  startups: new Map(),
  vsf_technical: 0,
  ebvs: 0,
  concurrent_plays: 0,
  stall_ms: 0,
  watched_ms: 0,
  vpf_technical: 0,
  errors_technical: 0,
})

/** Knuth's product for small means, the normal limit for large ones. */
export function poisson(mean: number, random: Random): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()))
  const limit = Math.exp(-mean)
  let n = 0
  for (let product = random.next(); product > limit; product *= random.next()) n++
  return n
}
