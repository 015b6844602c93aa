/**
 * Choice of a rendition: buffer-based rules, and the throughput rule while the buffer is too small to decide by.
 *
 * A rule returns an index into the ladder (ascending kbit/s).
 */
import type { AbrName } from './types.ts'

export type Ladder = readonly number[]

/** Share of the measured throughput that is used (dash.js `bandwidthSafetyFactor`). */
const SAFETY = 0.9

/** Highest rendition within the usable share of the throughput. */
export function throughputRule(kbps: Ladder, estimateKbps: number): number {
  let choice = 0
  while (choice + 1 < kbps.length && kbps[choice + 1]! <= estimateKbps * SAFETY) choice++
  return choice
}

/** Huang et al., SIGCOMM 2014: of a 240 s buffer, 90 s are the reservoir and the upper 10 % the upper reservoir. */
const RESERVOIR = 90 / 240
const UPPER = 0.9

/**
 * BBA-0 (Huang et al., "A Buffer-Based Approach to Rate Adaptation", SIGCOMM 2014, algorithm 1): the buffer is mapped
 * linearly to a bitrate, and the rendition moves only when the map crosses its neighbour.
 */
export function bbaRule(kbps: Ladder, previous: number, bufferMs: number, targetMs: number): number {
  const top = kbps.length - 1
  const reservoir = RESERVOIR * targetMs
  if (bufferMs <= reservoir) return 0
  if (bufferMs >= UPPER * targetMs) return top
  const share = (bufferMs - reservoir) / ((UPPER - RESERVOIR) * targetMs)
  const mapped = kbps[0]! + share * (kbps[top]! - kbps[0]!)
  if (mapped >= kbps[Math.min(previous + 1, top)]!) return lastBelow(kbps, mapped)
  if (mapped <= kbps[Math.max(previous - 1, 0)]!) return firstAbove(kbps, mapped)
  return previous
}

function lastBelow(kbps: Ladder, limit: number): number {
  let choice = 0
  while (choice + 1 < kbps.length && kbps[choice + 1]! < limit) choice++
  return choice
}

function firstAbove(kbps: Ladder, limit: number): number {
  let choice = 0
  while (choice + 1 < kbps.length && kbps[choice]! <= limit) choice++
  return choice
}

/** dash.js BolaRule: `MINIMUM_BUFFER_S`. */
const BOLA_MINIMUM_S = 10

/**
 * BOLA (Spiteri, Urgaonkar, Sitaraman, INFOCOM 2016) with dash.js's parameters: utility ln(rate), shifted to start at
 * 1; the greatest (V(utility + gp) - buffer) / rate wins. Returns the rule for a ladder, which chooses by the buffer in
 * ms.
 */
export function bolaRule(kbps: Ladder, targetMs: number): (bufferMs: number) => number {
  const utilities = kbps.map((rate) => Math.log(rate / kbps[0]!) + 1)
  const stableS = Math.max(targetMs / 1000, BOLA_MINIMUM_S + 2 * kbps.length)
  const gp = Math.max((utilities.at(-1)! - 1) / (stableS / BOLA_MINIMUM_S - 1), 1e-9)
  const worth = utilities.map((utility) => (BOLA_MINIMUM_S / gp) * (utility + gp))
  // A target below the stable buffer is scaled up to it, as dash.js's placeholder buffer does.
  const stretch = stableS / targetMs
  return (bufferMs) => {
    let best = 0
    for (let i = 1; i < kbps.length; i++) {
      if ((worth[i]! - bufferMs * stretch) / kbps[i]! >= (worth[best]! - bufferMs * stretch) / kbps[best]!) best = i
    }
    return best
  }
}

/**
 * Throughput estimate of hls.js 1.x: the lower of a fast and a slow average (half-lives 3 s and 9 s of transfer time).
 */
export class Throughput {
  private readonly initialKbps: number
  private fast = 0
  private slow = 0
  private weightS = 0

  constructor(initialKbps: number) {
    this.initialKbps = initialKbps
  }

  add(bytes: number, ms: number): void {
    const seconds = Math.max(ms, 1) / 1000
    const kbps = (bytes * 8) / 1000 / seconds
    this.fast = mix(this.fast, kbps, seconds, 3)
    this.slow = mix(this.slow, kbps, seconds, 9)
    this.weightS += seconds
  }

  /** kbit/s. The correction is needed because the averages start from zero. */
  get kbps(): number {
    if (this.weightS === 0) return this.initialKbps
    if (this.weightS > 300) return Math.min(this.fast, this.slow)
    return Math.min(this.fast / (1 - 0.5 ** (this.weightS / 3)), this.slow / (1 - 0.5 ** (this.weightS / 9)))
  }
}

function mix(old: number, sample: number, weightS: number, halfLifeS: number): number {
  const keep = 0.5 ** (weightS / halfLifeS)
  return keep * old + (1 - keep) * sample
}

/**
 * Combines the rules. While starting (and after a seek) the throughput rule decides until the buffer rule would choose
 * higher, as in BBA-2's start phase. Then the buffer rule decides, but never above what the throughput sustains:
 * otherwise it would oscillate between the two renditions around it for ever (BOLA-O, Spiteri et al. 2016, section 5).
 */
export class Adaptation {
  private readonly rule: AbrName
  private readonly kbps: Ladder
  private readonly targetMs: number
  private readonly bola: (bufferMs: number) => number
  private starting = true

  /** `targetMs`: the maximum buffer at which another segment is requested. */
  constructor(rule: AbrName, kbps: Ladder, targetMs: number) {
    this.rule = rule
    this.kbps = kbps
    this.targetMs = targetMs
    this.bola = rule === 'bola' ? bolaRule(kbps, targetMs) : () => 0
  }

  restart(): void {
    this.starting = true
  }

  choose(previous: number, bufferMs: number, estimateKbps: number): number {
    if (this.rule === 'throughput') return throughputRule(this.kbps, estimateKbps)
    const byBuffer = this.rule === 'bba' ? bbaRule(this.kbps, previous, bufferMs, this.targetMs) : this.bola(bufferMs)
    if (this.starting) {
      const byThroughput = throughputRule(this.kbps, estimateKbps)
      this.starting = byBuffer <= byThroughput && byBuffer < this.kbps.length - 1
      if (this.starting) return byThroughput
    }
    return byBuffer <= previous
      ? byBuffer
      : Math.min(byBuffer, Math.max(previous, throughputRule(this.kbps, estimateKbps / SAFETY)))
  }
}
