/**
 * Households, profiles and devices. Each is derived from the seed and its number alone, so unused ones cost nothing.
 */
import type { Random } from '../../platform/random.ts'
import { DAY_MS } from '../../platform/time.ts'
import { byShare, COUNTRIES, type Country, type Isp, type Region } from './geography.ts'
import type { Answer } from './answer.ts'
import { tasteOf } from './taste.ts'

export type DeviceKind = 'tv' | 'phone' | 'tablet' | 'desktop' | 'console' | 'stick'

export interface Device {
  readonly id: string
  readonly kind: DeviceKind
  /** Offset of the device's clock, ms; grows by `driftPpm`. */
  readonly clockOffsetMs: number
  readonly driftPpm: number
  /** Time from a release to its installation, ms. */
  readonly adoptionMs: number
  /** Share of the line that the device can use, limited by the radio in the home and the processor, 0-1. */
  readonly throughput: number
}

export interface Profile {
  readonly id: string
  readonly taste: Float64Array
  /** Factor on the patience of the average viewer. */
  readonly patience: number
}

export interface Household {
  readonly number: number
  readonly id: string
  readonly country: Country
  readonly countryIndex: number
  readonly region: Region
  readonly isp: Isp
  /** Throughput of the line in a quiet hour, kbit/s. */
  readonly lineKbps: number
  /** Probability of being drawn, 0-1. */
  readonly activity: number
  readonly profiles: readonly Profile[]
  readonly devices: readonly Device[]
}

/** Selects visitors; called once per visit. */
export interface People {
  /** A household of the country at this index of COUNTRIES, drawn with the visit's random source. */
  draw(countryIndex: number, random: Random): Answer<Household>
}

const DEVICE_SHARES: readonly { readonly kind: DeviceKind; readonly share: number; readonly throughput: number }[] = [
  { kind: 'tv', share: 0.4, throughput: 0.9 },
  { kind: 'phone', share: 0.18, throughput: 0.6 },
  { kind: 'stick', share: 0.14, throughput: 0.55 },
  { kind: 'desktop', share: 0.12, throughput: 1 },
  { kind: 'tablet', share: 0.09, throughput: 0.7 },
  { kind: 'console', share: 0.07, throughput: 0.95 },
]
/** Median line, kbit/s, and its spread in logarithms (assumed; the order of magnitude of public speed-test indices). */
const LINES = {
  fibre: { median: 90_000, spread: 0.6 },
  cable: { median: 55_000, spread: 0.7 },
  dsl: { median: 17_000, spread: 0.6 },
  mobile: { median: 24_000, spread: 0.8 },
} as const

/** Share of devices whose clock was never set, or was set to another year. */
const ABSURD_CLOCKS = 0.001
const WRONG_CLOCKS = 0.02
const CACHE_SIZE = 20_000

/** The world's own population. */
export class Population implements People {
  readonly households: number
  private readonly random: Random
  private readonly lines: number
  private readonly firsts: readonly number[]
  private readonly cache = new Map<number, Household>()

  constructor(households: number, random: Random, lines = 1) {
    this.random = random
    this.lines = lines
    let next = 0
    this.firsts = COUNTRIES.map(
      ({ share }) =>
        (next += Math.max(1, Math.round(share * households))) - Math.max(1, Math.round(share * households)),
    )
    this.households = next
  }

  /** A household of the country, active ones more often. */
  draw(countryIndex: number, random: Random): Household {
    const first = this.firsts[countryIndex]!
    const count = (this.firsts[countryIndex + 1] ?? this.households) - first
    for (let tries = 0; tries < 20; tries++) {
      const household = this.household(first + random.below(count), countryIndex)
      if (random.next() < household.activity) return household
    }
    return this.household(first + random.below(count), countryIndex)
  }

  private household(number: number, countryIndex: number): Household {
    const known = this.cache.get(number)
    if (known !== undefined) return known
    if (this.cache.size >= CACHE_SIZE) this.cache.clear()
    const made = makeHousehold(number, countryIndex, this.random.fork(number), this.lines)
    this.cache.set(number, made)
    return made
  }
}

function makeHousehold(number: number, countryIndex: number, random: Random, lines: number): Household {
  const country = COUNTRIES[countryIndex]!
  const id = `h-${number.toString(36).padStart(5, '0')}`
  const isp = country.isps[byShare(country.isps, random.next())]!
  const line = LINES[isp.access]
  return {
    number,
    id,
    country,
    countryIndex,
    isp,
    region: country.regions[byShare(country.regions, random.next())]!,
    lineKbps: lines * line.median * Math.exp(line.spread * random.normal()),
    activity: Math.min(1, 0.25 * Math.exp(0.7 * random.normal())),
    profiles: Array.from({ length: 1 + random.below(4) }, (_, i) => ({
      id: `${id.replace('h', 'p')}-${i + 1}`,
      taste: tasteOf(random),
      patience: Math.exp(0.4 * random.normal()),
    })),
    devices: Array.from({ length: 2 + random.below(3) }, (_, i) =>
      makeDevice(`${id.replace('h', 'd')}-${i + 1}`, random),
    ),
  }
}

function makeDevice(id: string, random: Random): Device {
  const { kind, throughput } = DEVICE_SHARES[byShare(DEVICE_SHARES, random.next())]!
  return {
    id,
    kind,
    clockOffsetMs: clockOffset(random),
    driftPpm: 20 * random.normal(),
    adoptionMs: Math.floor(random.next() ** 2 * 6 * DAY_MS),
    // One device in twenty-five is at the edge of the radio's range.
    throughput: Math.min(1, throughput * Math.exp(0.25 * random.normal())) * (random.next() < 0.04 ? 0.06 : 1),
  }
}

/** Most clocks are set by the network and differ by a fraction of a second; some by minutes; a few by years. */
function clockOffset(random: Random): number {
  const kind = random.next()
  if (kind < ABSURD_CLOCKS) return random.next() < 0.5 ? -20 * 365 * DAY_MS : 3 * 365 * DAY_MS
  if (kind < WRONG_CLOCKS) return Math.round(5 * 60_000 * random.normal())
  return Math.round(300 * random.normal())
}
