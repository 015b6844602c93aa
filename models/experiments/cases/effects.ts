import {
  anytime,
  cuped,
  benjaminiHochberg,
  effectOf,
  holm,
  isComputed,
  momentsOf,
  onward,
  posterior,
  proportionOf,
  quantileOf,
  ratioOf,
  unitsYetToJoin,
  welch,
  type Computed,
  type Effect,
  type Moments,
  type Prior,
  type Scale,
  type Side,
  type Sums,
} from '../statistics/index.ts'
import { check, checkAll, fault, rounded, type CaseResult, type Check } from './check.ts'

/** One arm, with the field names of a file. */
interface Arm extends Sums {
  readonly type?: string
  readonly post: Sums
  readonly pre: Sums
  readonly postPre: number
  /** Only for ratios. */
  readonly m: Sums | undefined
  readonly d: Sums
  readonly md: number
  readonly nStar: number
  readonly nu: number
  readonly quantile: number
  readonly lower: number
  readonly upper: number
}

interface Expected {
  readonly effect?: number
  readonly ci?: readonly [number | null, number | null]
  readonly se?: number
  readonly p?: number
  readonly chanceToWin?: number
  readonly risk?: readonly number[]
}

export interface EffectCase {
  readonly id?: string
  readonly kind?: string
  readonly test?: string
  readonly tuning?: number
  readonly diff: Scale
  readonly alpha?: number
  readonly prior?: Prior | null
  readonly a: Arm
  readonly b: Arm
  readonly round?: number
  readonly expect: Expected
}

const ALPHA = 0.05
/** N* if a case has none. */
const PLANNED = 5_000

function momentsOfArm(arm: Arm): Computed<Moments> {
  if (arm.type === 'proportion') return proportionOf(arm.n, arm.sum)
  if (arm.type === 'quantile') return quantileOf({ ...arm, level: arm.nu })
  const { n, m, d, md } = arm
  return m === undefined ? momentsOf(arm) : ratioOf({ n, numerator: m, denominator: d, product: md })
}

export function effectOfCase({ a, b, diff }: Pick<EffectCase, 'a' | 'b' | 'diff'>): Computed<Effect> {
  if (a.type === 'cuped-mean') return cuped({ ...a, product: a.postPre }, { ...b, product: b.postPre }, diff)
  return onward(momentsOfArm(a), (control) =>
    onward(momentsOfArm(b), (treatment) => effectOf(control, treatment, diff)),
  )
}

const sideOf = (test: string): Side =>
  test.includes('greater') ? 'greater' : test.includes('lesser') ? 'lesser' : 'both'

type Numbers = Readonly<Record<'effect' | 'se' | 'p' | 'chanceToWin', number | undefined>> & {
  readonly interval: readonly number[]
  readonly risk?: readonly number[]
}

function numbersOf(given: EffectCase, effect: Effect): Computed<Numbers> {
  const { test = 'two-sided-t', alpha = ALPHA, tuning = PLANNED, diff, prior } = given
  if (test === 'bayes') {
    return onward(momentsOfArm(given.a), ({ mean }) =>
      onward(posterior(effect, diff, mean, alpha, prior ?? undefined), (found) => ({
        ...found,
        p: undefined,
        risk: [found.risk.control, found.risk.treatment],
      })),
    )
  }
  const verdict = test.startsWith('sequential')
    ? anytime(effect, { alpha, plannedUnits: tuning }, sideOf(test))
    : welch(effect, alpha, sideOf(test))
  return { effect: effect.effect, se: effect.se, chanceToWin: undefined, ...verdict }
}

function checksOf(given: EffectCase, digits: (name: string) => number): Check[] {
  const seen = onward(effectOfCase(given), (effect) => numbersOf(given, effect))
  if (!isComputed(seen)) return [fault('an effect', `not computable because ${seen.notComputable}`)]
  const { ci, risk } = given.expect
  return [
    ...(['effect', 'se', 'p', 'chanceToWin'] as const).flatMap((name) =>
      given.expect[name] === undefined ? [] : [check(name, given.expect[name], seen[name], digits(name))],
    ),
    ...(ci === undefined ? [] : checkAll('ci', ci, seen.interval, digits('ci'))),
    ...(risk === undefined ? [] : checkAll('risk', risk, seen.risk ?? [], digits('risk'))),
  ]
}

export const gbstats = (cases: readonly EffectCase[]): CaseResult[] =>
  cases.map((given, at) => ({
    group: 'gbstats',
    id: given.id ?? String(at),
    checks: checksOf(given, () => rounded(given.round ?? 5)),
  }))

/** Published with four digits. */
export const welchRaw = (cases: readonly EffectCase[]): CaseResult[] =>
  cases.map((given, at) => ({
    group: 'welchRaw',
    id: `${given.kind ?? 'mean'} ${at}`,
    checks: checksOf(given, () => rounded(4)),
  }))

export interface MidRunCase extends Pick<EffectCase, 'a' | 'b' | 'diff'> {
  readonly alpha: number
  readonly targetPower: number
  readonly mde: number
  readonly places: number
  readonly expectScalingFactor: {
    readonly frequentist: number
    readonly sequentialN5000: number
    readonly bayesPriorMean005Var0001: number
  }
}

export function midExperimentPower(given: MidRunCase): CaseResult[] {
  const { expectScalingFactor: expected, alpha, mde, targetPower } = given
  const readings = [
    ['frequentist', { kind: 'fixed' }],
    ['sequentialN5000', { kind: 'anytime', plannedUnits: 5_000 }],
    ['bayesPriorMean005Var0001', { kind: 'bayes', prior: { mean: 0.05, variance: 0.001 } }],
  ] as const
  return readings.map(([id, reading]) => {
    const found = onward(effectOfCase(given), (effect) =>
      unitsYetToJoin(effect, { effect: mde, power: targetPower, alpha }, reading),
    )
    return {
      group: 'midExperimentPower',
      id,
      checks: [
        isComputed(found)
          ? check('factor', expected[id], found.factor, rounded(given.places))
          : fault('a factor', found.notComputable),
      ],
    }
  })
}

export interface MultipleCase {
  readonly method: string
  readonly p: readonly number[]
  readonly expect: readonly number[]
}

export const multiple = (cases: readonly MultipleCase[]): CaseResult[] =>
  cases.map(({ method, p, expect }, at) => ({
    group: 'multiple',
    id: `${method} ${at}`,
    checks: checkAll('p', expect, method === 'holm' ? holm(p) : benjaminiHochberg(p), 1e-12),
  }))
