import { keptShares } from '../../models/experiments/scorecard/even.ts'
import { cellOf, type Cell, type OutcomeSums, type PhaseSums } from '../../models/experiments/index.ts'
import { SUM_NAMES } from '../../models/experiments/scorecard/sums.ts'
import { quantileDifferenceBand, welch, type Distribution } from '../../models/experiments/statistics/index.ts'
import { estimate } from '../../models/experiments/scorecard/estimate.ts'
import type { Random } from '../../platform/random.ts'
import type { UnitOutcomes } from './population.ts'

/** One experiment drawn anew from the same units: who is in which arm is all that chance decides. */
export interface Trial {
  readonly weights: readonly [control: number, treatment: number]
  /** Units in order of the closing of their windows. */
  readonly order: Uint32Array
  /** Share of units whose outcome is first told in part, and whole `lag` units later. */
  readonly late: number
  /** What the treatment does to an outcome, relative; 0: nothing. */
  readonly effect: number
  readonly looks: number
  readonly alpha: number
}

export interface Seen {
  /** Some interval left out the truth at some look. */
  readonly missed: boolean
  /** Evidence against "no effect" was enough at some look. */
  readonly found: boolean
  /** A plain p-value was below alpha at some look after the gate. */
  readonly peeked: boolean
  /** The gate opened. */
  readonly opened: boolean
  readonly last: { readonly effect: number; readonly se: number; readonly n: number } | null
}

const LAG = 400
const WIDTH = SUM_NAMES.length + 2

export function runTrial(outcomes: UnitOutcomes, trial: Trial, random: Random): Seen {
  return outcomes.metric.kind === 'quantile'
    ? quantileTrial(outcomes, trial, random)
    : meanTrial(outcomes, trial, random)
}

/** Arm of each unit: 0, 1, or 2 where its arm's equal sample leaves it out. */
function drawn(units: number, { weights }: Trial, random: Random): Uint8Array {
  const kept = keptShares(weights)
  return Uint8Array.from({ length: units }, () => {
    const arm = random.next() < weights[1] ? 1 : 0
    return kept[arm] === 1 || random.next() < kept[arm]! ? arm : 2
  })
}

function meanTrial({ metric, y, d, x, e, seen }: UnitOutcomes, trial: Trial, random: Random): Seen {
  const { order, looks, late, effect, alpha } = trial
  const units = order.length
  const arms = drawn(units, trial, random)
  // [arm][history] → sums, flat.
  const state = Array.from({ length: 4 }, () => new Float64Array(WIDTH))
  const isShare = metric.kind === 'proportion' || metric.kind === 'retention' || metric.kind === 'funnel'
  const products = new Float64Array(SUM_NAMES.length)
  let [baseY, baseD] = [0, 0]
  const add = (unit: number, share: number, sign: number): void => {
    const arm = arms[unit]!
    const own = Math.floor(y[unit]! * share)
    const [den, before, beforeDen] = [
      metric.kind === 'ratio' ? Math.floor(d[unit]! * share) : d[unit]!,
      x[unit]!,
      e[unit]!,
    ]
    if (arm === 2) return
    baseY += sign * own
    baseD += sign * den
    // A share grows by making some who did not do it do it: by hash of the unit, so that a later part agrees.
    const treated =
      arm === 0 || effect === 0 ? own : isShare ? (own === 1 || lucky[unit] === 0 ? own : 1) : own * (1 + effect)
    const sums = state[arm * 2 + seen[unit]!]!
    fill(products, treated, den, before, beforeDen)
    sums[0]! += sign
    if (treated !== 0) sums[1]! += sign
    for (let at = 0; at < products.length; at++) sums[at + 2]! += sign * products[at]!
  }
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const lift = (effect * mean) / (1 - mean)
  const lucky =
    isShare && effect > 0 ? Uint8Array.from({ length: units }, () => Number(random.next() < lift)) : new Uint8Array(0)
  const isLate = Uint8Array.from({ length: late > 0 ? units : 0 }, () => Number(random.next() < late))
  const asking = { metric, alpha, plannedUnits: Math.max(200, units * 2 * Math.min(...trial.weights)), ended: false }
  let [missed, found, peeked, opened, last]: [boolean, boolean, boolean, boolean, Seen['last']] = [
    false,
    false,
    false,
    false,
    null,
  ]
  const every = Math.floor(units / looks)
  for (let at = 0; at < units; at++) {
    const unit = order[at]!
    add(unit, isLate[unit] === 1 ? 0.5 : 1, 1)
    const earlier = order[at - LAG]
    if (earlier !== undefined && isLate[earlier] === 1) {
      add(earlier, 0.5, -1)
      add(earlier, 1, 1)
    }
    if ((at + 1) % every !== 0) continue
    const phases = phasesOf(state)
    const cell = cellOf(phases, asking)
    if (cell.absolute === null) continue
    opened = true
    const truth = isShare ? lift * (1 - baseY / baseD) : effect * (baseY / baseD)
    missed ||= cell.absolute.interval[0] > truth || cell.absolute.interval[1] < truth
    found ||= cell.logE! >= -Math.log(alpha)
    peeked ||= isPeeked(phases, cell, metric.kind === 'ratio' ? 'ratio' : 'mean', alpha)
    last = { effect: cell.absolute.effect, se: cell.absolute.se, n: cell.units.control + cell.units.treatment }
  }
  return { missed, found, peeked, opened, last }
}

/** The products of one unit, in the order of `SUM_NAMES`. */
function fill(into: Float64Array, y: number, d: number, x: number, e: number): void {
  ;[into[0], into[1], into[2], into[3], into[4]] = [y, y * y, y * y * y, d, d * d]
  ;[into[5], into[6], into[7], into[8]] = [x, x * x, e, e * e]
  ;[into[9], into[10], into[11], into[12], into[13], into[14]] = [y * d, y * x, y * e, d * x, d * e, x * e]
}

function isPeeked(phases: readonly PhaseSums[], { absolute }: Cell, kind: 'mean' | 'ratio', alpha: number): boolean {
  if (Math.abs(absolute!.effect / absolute!.se) < 1.9) return false
  const found = estimate(phases, kind)
  return !('notComputable' in found) && welch(found.absolute, alpha).p < alpha
}

function phasesOf(state: readonly Float64Array[]): PhaseSums[] {
  const sums = (at: number): OutcomeSums =>
    Object.fromEntries(
      ['n', 'nonzero', ...SUM_NAMES].map((name, i) => [name, state[at]![i]!]),
    ) as unknown as OutcomeSums
  return [{ phase: 0, control: { fresh: sums(0), seen: sums(1) }, treatment: { fresh: sums(2), seen: sums(3) } }]
}

interface Index {
  readonly values: readonly number[]
  /** Of each unit's value among them; -1 without one. */
  readonly places: Int32Array
  readonly sorted: Float64Array
}
const indexes = new WeakMap<Float64Array, Index>()

/** Made once for all trials of a population. */
function indexOf(pick: Float64Array): Index {
  let index = indexes.get(pick)
  if (index === undefined) {
    const sorted = pick.filter((value) => !Number.isNaN(value)).sort()
    const values = [...new Set(sorted)]
    const place = new Map(values.map((value, at) => [value, at]))
    indexes.set(pick, (index = { values, sorted, places: Int32Array.from(pick, (value) => place.get(value) ?? -1) }))
  }
  return index
}

/** Units of an arm from which on a band is asked for, and the levels. */
const LEAST = 100

function quantileTrial({ metric, pick }: UnitOutcomes, trial: Trial, random: Random): Seen {
  const { order, looks, effect, alpha } = trial
  const arms = Uint8Array.from({ length: order.length }, () => Number(random.next() < trial.weights[1]))
  const { values, places, sorted } = indexOf(pick)
  const counts = [new Uint32Array(values.length), new Uint32Array(values.length)]
  const sizes = [0, 0]
  const levels = metric.levels!
  const truths = levels.map((level) => effect * sorted[Math.ceil(level * sorted.length) - 1]!)
  let [missed, found, opened] = [false, false, false]
  const every = Math.floor(order.length / looks)
  for (let at = 0; at < order.length; at++) {
    const unit = order[at]!
    const [arm, place] = [arms[unit]!, places[unit]!]
    if (place >= 0) {
      counts[arm]![place]!++
      sizes[arm]!++
    }
    if ((at + 1) % every !== 0 || sizes.some((n) => n < LEAST)) continue
    const distribution = (arm: number): Distribution =>
      quantilesOf(values, counts[arm]!, sizes[arm]!, arm === 1 ? 1 + effect : 1)
    const [control, treatment] = [distribution(0), distribution(1)]
    const band = quantileDifferenceBand(control, treatment, { alpha, tMin: LEAST }, levels)
    opened ||= band.some(([low, high]) => Number.isFinite(low) && Number.isFinite(high))
    found ||= band.some(([low, high]) => low > 0 || high < 0)
    missed ||= band.some(([low, high], i) => low > truths[i]! || high < truths[i]!)
  }
  return { missed, found, peeked: false, opened, last: null }
}

function quantilesOf(values: readonly number[], counts: Uint32Array, n: number, factor: number): Distribution {
  const sums = new Float64Array(counts.length)
  let sum = 0
  for (let i = 0; i < counts.length; i++) sums[i] = sum += counts[i]!
  return {
    n,
    quantile(level) {
      const wanted = Math.max(level * n, 1e-9)
      let [low, high] = [0, sums.length - 1]
      while (low < high) {
        const middle = (low + high) >> 1
        if (sums[middle]! >= wanted) high = middle
        else low = middle + 1
      }
      return values[low]! * factor
    },
  }
}
