/**
 * Throughput between a device and an OCA over time.
 *
 * The household's line, reduced by the device's radio and the operator's evening congestion, varies around its level
 * over minutes and seconds (log-normal); mobile lines fade. It is a function of time alone, so that requests may be
 * evaluated in any order and a run repeats exactly.
 */
import type { Network, Transfer } from '../player/index.ts'
import type { ActiveFault, Faults } from './faults.ts'
import type { Access, Isp } from './geography.ts'
import { ocaOf, routeLatency, type Oca } from './ocas.ts'
import { eveningLoad } from './rhythm.ts'

/** Bandwidth is constant within a piece, ms. */
const PIECE_MS = 4_000
const SLOW_PIECES = 15
/** Access latency, ms, and variability of the line in logarithms (assumed orders of magnitude). */
const ACCESS: Readonly<Record<Access, { latencyMs: number; slow: number; fast: number; fadePermille: number }>> = {
  fibre: { latencyMs: 3, slow: 0.15, fast: 0.15, fadePermille: 0.5 },
  cable: { latencyMs: 9, slow: 0.3, fast: 0.25, fadePermille: 1.5 },
  dsl: { latencyMs: 18, slow: 0.2, fast: 0.15, fadePermille: 3 },
  mobile: { latencyMs: 35, slow: 0.35, fast: 0.3, fadePermille: 9 },
}
/** Share that remains during a fade of one minute: a viewer walks away from the router, a train enters a tunnel. */
const FADE = 0.008
/** Maximum that an OCA gives to one client on any line, kbit/s. */
const CLIENT_LIMIT_KBPS = 150_000

export interface Path {
  readonly isp: Isp
  /** Household's line multiplied by the device's share, kbit/s. */
  readonly kbps: number
  readonly utcMinutes: number
  readonly salt: number
  readonly faults: Faults
  /** Bounds of the session; faults outside of them are ignored. */
  readonly from: number
  readonly to: number
}

export class PathNetwork implements Network {
  private readonly path: Path
  private readonly degraded: readonly ActiveFault<'isp-degrades'>[]
  private readonly outages: readonly ActiveFault<'oca-dies'>[]
  private readonly touched = new Set<string>()
  private lastMinute = NaN
  private lastLevel = 1

  constructor(path: Path) {
    this.path = path
    this.degraded = path.faults.during('isp-degrades', path.from, path.to, ({ asn }) => asn === path.isp.asn)
    this.outages = path.faults.during('oca-dies', path.from, path.to, () => true)
  }

  request(name: string, at: number, bytes: number): Transfer {
    const oca = ocaOf(name)
    const outage = this.outageOf(oca, at)
    if (outage !== undefined) return refused(outage, at)
    return this.transfer(oca, at, bytes)
  }

  private outageOf(oca: Oca, at: number): 'refuse' | 'hang' | '503' | undefined {
    const outage = this.outages.find(
      ({ spec, from, to }) => at >= from && at < to && (spec.ocas.includes(oca.name) || spec.ocas.includes(oca.site)),
    )
    if (outage !== undefined) this.touch(outage.spec.id, outage.touch)
    return outage?.spec.how
  }

  /** Counts the session once for each fault that affects it. */
  private touch(id: string, count: () => void): void {
    if (this.touched.has(id)) return
    this.touched.add(id)
    count()
  }

  private transfer(oca: Oca, at: number, bytes: number): Transfer {
    const { isp, utcMinutes } = this.path
    const load = eveningLoad(at, utcMinutes)
    const level = this.path.kbps * (1 - isp.congestion * load) * (oca.country === isp.country ? 1 : 0.7)
    const fault = this.degraded.find(({ from, to }) => at >= from && at < to)
    if (fault !== undefined) this.touch(fault.spec.id, fault.touch)
    const latency =
      ACCESS[isp.access].latencyMs * (1 + isp.congestion * load) +
      routeLatency(oca, isp) +
      (fault?.spec.extraLatencyMs ?? 0)
    const firstByteAt = Math.ceil(at + 2 * latency)
    return { status: 200, firstByteAt, doneAt: this.carry(firstByteAt, bytes * 8, level) }
  }

  /** When the given number of bits has been transferred; kbit/s equals bits per ms. */
  private carry(from: number, bits: number, level: number): number {
    let left = bits
    let time = from
    for (;;) {
      const piece = Math.floor(time / PIECE_MS)
      const end = (piece + 1) * PIECE_MS
      const kbps = Math.min(CLIENT_LIMIT_KBPS, level * this.restless(piece) * this.remaining(time))
      if (left <= kbps * (end - time)) return Math.ceil(time + left / kbps)
      left -= kbps * (end - time)
      time = end
    }
  }

  /** Share of the operator's throughput that planted faults leave. */
  private remaining(at: number): number {
    if (this.degraded.length === 0) return 1
    const fault = this.degraded.find(({ from, to }) => at >= from && at < to)
    return (fault?.spec.throughputPermille ?? 1000) / 1000
  }

  private restless(piece: number): number {
    const { fast } = ACCESS[this.path.isp.access]
    return Math.exp(fast * bell(this.path.salt ^ 0x5bd1e995, piece)) * this.slowly(Math.floor(piece / SLOW_PIECES))
  }

  /** The part that changes every minute; the last value is cached. */
  private slowly(minute: number): number {
    if (minute === this.lastMinute) return this.lastLevel
    const { slow, fadePermille } = ACCESS[this.path.isp.access]
    const fades = unit(this.path.salt ^ 0x6a09e667, minute) * 1000 < fadePermille
    this.lastMinute = minute
    return (this.lastLevel = Math.exp(slow * bell(this.path.salt, minute)) * (fades ? FADE : 1))
  }
}

function refused(how: 'refuse' | 'hang' | '503', at: number): Transfer {
  if (how === 'hang') return { status: 0, firstByteAt: Infinity, doneAt: Infinity }
  return how === '503'
    ? { status: 503, firstByteAt: at + 40, doneAt: at + 40 }
    : { status: 0, firstByteAt: at + 25, doneAt: at + 25 }
}

/** Approximately standard normal: three uniforms, mean 0, variance 1. */
function bell(salt: number, index: number): number {
  return (unit(salt, index) + unit(salt ^ 0x27d4eb2f, index) + unit(salt ^ 0x165667b1, index) - 1.5) * 2
}

/** A number in [0, 1) from two integers (the finaliser of MurmurHash3). */
function unit(salt: number, index: number): number {
  let h = Math.imul(salt ^ Math.imul(index + 1, 0x9e3779b9), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32
}
