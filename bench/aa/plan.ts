import { anytimeMultiplier } from '../../models/experiments/statistics/index.ts'
import { beta, normal } from '../../models/experiments/distributions/index.ts'
import { seeded, type Random } from '../../platform/random.ts'
import type { Population, UnitOutcomes } from './population.ts'
import { runTrial, type Seen, type Trial } from './trial.ts'

/** A row of the table: a kind of metric, a split, a way to enrol, late events or none. */
export interface Setting {
  readonly metric: string
  readonly split: readonly [control: number, treatment: number]
  readonly enrolment: 'staggered' | 'all on day one'
  readonly late: boolean
}

export const SETTINGS: readonly Omit<Setting, 'metric'>[] = (
  [
    [0.5, 0.5],
    [0.9, 0.1],
    [0.99, 0.01],
  ] as const
).flatMap((split) =>
  (['staggered', 'all on day one'] as const).flatMap((enrolment) =>
    [false, true].map((late) => ({ split, enrolment, late })),
  ),
)

export interface Row extends Setting {
  readonly runs: number
  /**
   * Share of runs whose interval left out "no effect" at some look, with its exact lower bound (Clopper & Pearson 1934,
   * 95 %).
   */
  readonly falsePositives: number
  readonly lower: number
  /** The same of a plain p-value at any look after the gate: the warning. */
  readonly peeked: number
  /** Share of runs whose gate opened. */
  readonly opened: number
  /** With +5 % planted: runs in which every interval held the truth. */
  readonly coverage: number
  /**
   * With an effect that theory finds in 0.8 of runs at N*: how often it was found by then. Null where theory has
   * nothing to say.
   */
  readonly power: number | null
}

const ALPHA = 0.05
const PLANTED = 0.05
const POWER = 0.8
const LOOKS = 220
const LATE_SHARE = 0.05

export interface Effort {
  readonly runs: number
  readonly powerRuns: number
  readonly seed: number
}

export function rowOf(
  population: Population,
  outcomes: UnitOutcomes,
  setting: Omit<Setting, 'metric'>,
  { runs, powerRuns, seed }: Effort,
): Row {
  const { split, enrolment, late } = setting
  const root = seeded(`${seed}/${outcomes.metric.id}/${split.join('-')}/${enrolment}/${late}`)
  const trials = (count: number, effect: number, label: string): Seen[] =>
    Array.from({ length: count }, (_, run) => {
      const random = root.fork(`${label}/${run}`)
      const trial: Trial = {
        weights: split,
        order: orderOf(population, enrolment, random),
        late: late ? LATE_SHARE : 0,
        effect,
        looks: LOOKS,
        alpha: ALPHA,
      }
      return runTrial(outcomes, trial, random)
    })
  const aa = trials(runs, 0, 'aa')
  const share = (all: readonly Seen[], is: (seen: Seen) => boolean): number => all.filter(is).length / all.length
  const planted = trials(Math.max(1, Math.round(runs / 2)), PLANTED, 'planted')
  const missed = aa.filter((seen) => seen.missed).length
  return {
    metric: outcomes.metric.id,
    ...setting,
    runs,
    falsePositives: missed / runs,
    lower: missed === 0 ? 0 : beta.quantile(0.025, missed, runs - missed + 1),
    peeked: share(aa, (seen) => seen.peeked),
    opened: share(aa, (seen) => seen.opened),
    coverage: 1 - share(planted, (seen) => seen.missed),
    power: powerOf(outcomes, population.units, split, aa, (effect) => trials(powerRuns, effect, 'power')),
  }
}

/**
 * The effect that stands so many standard errors from none at N* that theory finds it with the wanted power; then how
 * often it is found.
 */
function powerOf(
  { metric, y, d }: UnitOutcomes,
  units: number,
  split: Setting['split'],
  aa: readonly Seen[],
  trials: (effect: number) => readonly Seen[],
): number | null {
  const errors = aa.flatMap(({ last }) => (last === null ? [] : [last.se]))
  if (metric.kind === 'quantile' || errors.length < aa.length / 2) return null
  const se = errors.sort((a, b) => a - b)[errors.length >> 1]!
  const planned = Math.max(200, units * 2 * Math.min(...split))
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
  const base = sum(y) / sum(d)
  const effect =
    ((anytimeMultiplier(planned, { alpha: ALPHA, plannedUnits: planned }) + normal.quantile(POWER)) * se) / base
  // Beyond a doubling the planted change of every unit is no small effect any more, and the theory is none.
  if (effect > 0.5) return null
  const seen = trials(effect)
  return seen.filter(({ found }) => found).length / seen.length
}

/** Who does much comes early, where all begin on one day and windows close in the order of their first visit. */
function orderOf({ units, activity }: Population, enrolment: Setting['enrolment'], random: Random): Uint32Array {
  if (enrolment === 'staggered') return shuffled(units, random)
  // Key and unit in one number: sorting numbers is several times as fast as asking which of two units comes first.
  const keys = Float64Array.from(
    { length: units },
    (_, unit) => Math.floor((-Math.log(1 - random.next()) / (activity[unit]! + 0.1)) * 2 ** 24) * units + unit,
  ).sort()
  return Uint32Array.from(keys, (key) => key % units)
}

function shuffled(units: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: units }, (_, unit) => unit)
  for (let at = units - 1; at > 0; at--) {
    const other = random.below(at + 1)
    ;[order[at], order[other]] = [order[other]!, order[at]!]
  }
  return order
}
