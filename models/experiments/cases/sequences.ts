import {
  bernoulliSequence,
  bernoulliVariance,
  bestRho,
  betaBinomialMixture,
  countTest,
  doubleStitchingBound,
  gammaExponentialMixture,
  gammaPoissonMixture,
  isComputed,
  lilBand,
  lilConstant,
  logRateRatioInterval,
  mixtureBound,
  normalMixture,
  pearsonTest,
  polyStitchingBound,
  quantileDifferenceLogE,
  unitsPerArm,
  type LogMixture,
} from '../statistics/index.ts'
import { check, checkAll, fault, type CaseResult, type Check } from './check.ts'

/** Relative error for numbers that were published in full precision. */
const RELATIVE = 1e-9
const exactly = (name: string, expected: number, seen: unknown): Check =>
  check(name, expected, seen, RELATIVE * Math.abs(expected))

export interface CountCase {
  readonly counts: readonly number[]
  readonly theta0: readonly number[]
  readonly k: number
  readonly logE: number
  readonly pInstant: number
  readonly chi2: number
  readonly chi2p: number
  readonly logRateRatioCI95?: readonly [number, number]
}

const pair = (values: readonly number[]): readonly [number, number] => [values[0]!, values[1]!]

function countChecks(given: CountCase): Check[] {
  const { counts, theta0, k } = given
  const [evidence, pearson] = [countTest(counts, theta0, { k }), pearsonTest(counts, theta0)]
  if (!isComputed(evidence)) return [fault('evidence', evidence.notComputable)]
  if (!isComputed(pearson)) return [fault('a statistic', pearson.notComputable)]
  const interval =
    given.logRateRatioCI95 === undefined
      ? []
      : checkAll(
          'logRateRatioCI95',
          given.logRateRatioCI95,
          logRateRatioInterval(pair(counts), pair(theta0), { k }, 0.05),
          1e-9,
        )
  return [
    exactly('logE', given.logE, evidence.logE),
    exactly('pInstant', given.pInstant, evidence.p),
    exactly('chi2', given.chi2, pearson.chi2),
    exactly('chi2p', given.chi2p, pearson.p),
    ...interval,
  ]
}

export const counts = (cases: readonly CountCase[]): CaseResult[] =>
  cases.map((given) => ({ group: 'counts', id: given.counts.join(':'), checks: countChecks(given) }))

export interface SrmCase {
  readonly observed: readonly number[]
  readonly weights: readonly number[]
  readonly chi2?: number
  readonly p: number
}

export const srm = (cases: readonly SrmCase[]): CaseResult[] =>
  cases.map(({ observed, weights, chi2, p }) => {
    const found = pearsonTest(observed, weights)
    const checks = isComputed(found)
      ? [...(chi2 === undefined ? [] : [exactly('chi2', chi2, found.chi2)]), exactly('p', p, found.p)]
      : [fault('a statistic', found.notComputable)]
    return { group: 'srm', id: observed.join(':'), checks }
  })

export interface PowerCase {
  readonly kind: string
  readonly mdeAbs: number
  readonly variance?: number
  readonly baseline?: number
  readonly alpha?: number
  readonly power?: number
  readonly nTotal: number
  readonly rtol: number
}

/**
 * Power of cases that specify none: the published totals are from Spotify Confidence, which uses this default
 * (`default_power` of its SampleSize).
 */
const POWER = 0.85

export const power = (cases: readonly PowerCase[]): CaseResult[] =>
  cases.map(({ kind, mdeAbs, variance, baseline, alpha = 0.05, power: wanted = POWER, nTotal, rtol }) => {
    const [controlVariance, treatmentVariance] =
      baseline === undefined
        ? [variance!, variance!]
        : [bernoulliVariance(baseline), bernoulliVariance(baseline + mdeAbs)]
    const found = unitsPerArm({ controlVariance, treatmentVariance, alpha, power: wanted }, mdeAbs)
    return {
      group: 'power',
      id: kind,
      checks: [
        isComputed(found)
          ? check('nTotal', nTotal, 2 * found.units, rtol * nTotal)
          : fault('units', found.notComputable),
      ],
    }
  })

interface MixtureCase {
  readonly bestRho?: number
  readonly logMixture_s10_v100: number
  readonly bound_v100: number
  readonly bound_v032?: number
}

type MixtureName =
  'normal2' | 'normal1' | 'gammaExponential_c2' | 'gammaPoisson_c2' | 'betaBinomial2_g02_h08' | 'betaBinomial1_g02_h08'

export interface ConfseqCases extends Readonly<Record<MixtureName, MixtureCase>> {
  readonly vOpt: number
  readonly alphaOpt: number
  readonly alpha: number
  readonly tol: number
  readonly polyStitching: readonly {
    readonly v: number
    readonly vMin: number
    readonly c: number
    readonly expect: number
  }[]
  readonly empiricalProcessLIL: {
    readonly t: number
    readonly alpha: number
    readonly tMin: number
    readonly A: number
    readonly expect: number
    readonly solvedC: number
  }
  readonly doubleStitching: readonly {
    readonly p: number
    readonly t: number
    readonly tOpt: number
    readonly expect: number
  }[]
  readonly quantileABp: readonly { readonly p: number; readonly shift: number; readonly expect: number }[]
  readonly bernoulliCI: readonly {
    readonly k: number
    readonly n: number
    readonly tOpt: number
    readonly ci: readonly [number, number]
  }[]
}

function mixtures({
  vOpt: v,
  alphaOpt: alpha,
}: ConfseqCases): Record<MixtureName, readonly [mixture: LogMixture, g?: number]> {
  const tuning = { v, alpha }
  return {
    normal2: [normalMixture(tuning, 2)],
    normal1: [normalMixture(tuning, 1)],
    gammaExponential_c2: [gammaExponentialMixture(tuning, 2)],
    gammaPoisson_c2: [gammaPoissonMixture(tuning, 2)],
    betaBinomial2_g02_h08: [betaBinomialMixture(tuning, 0.2, 0.8, 2), 0.2],
    betaBinomial1_g02_h08: [betaBinomialMixture(tuning, 0.2, 0.8, 1), 0.2],
  }
}

/** As in the published cases: the arms hold 1…1000 and shift + 1…shift + 1000. */
const upTo1000 = (shift: number): number[] => Array.from({ length: 1_000 }, (_, i) => shift + i + 1)

export function confseq(given: ConfseqCases): CaseResult[] {
  const { vOpt, alphaOpt, alpha, tol } = given
  const near = (name: string, expected: number, seen: number): Check => check(name, expected, seen, tol)
  const one = (id: string, checks: Check[]): CaseResult => ({ group: 'confseq', id, checks })
  const mixed = Object.entries(mixtures(given)).map(([name, [mixture, g]]) => {
    const { bestRho: rho, logMixture_s10_v100: log, bound_v100: bound, bound_v032: small } = given[name as MixtureName]
    const limit = (v: number): number => (g === undefined ? Infinity : v / g)
    return one(name, [
      near('logMixture', log, mixture(10, 100)),
      near('bound', bound, mixtureBound(mixture, 100, alpha, limit(100))),
      ...(rho === undefined ? [] : [near('bestRho', rho, bestRho({ v: vOpt, alpha: alphaOpt }, 2))]),
      ...(small === undefined ? [] : [near('bound at 0.32', small, mixtureBound(mixture, 0.32, alpha, limit(0.32)))]),
    ])
  })
  const { empiricalProcessLIL: lil } = given
  return [
    ...mixed,
    ...given.polyStitching.map(({ v, vMin, c, expect }) =>
      one(`polyStitching c=${c}`, [near('bound', expect, polyStitchingBound(v, alpha, vMin, c))]),
    ),
    one('empiricalProcessLIL', [
      near('C', lil.solvedC, lilConstant(lil.alpha, lil.A)),
      near('radius', lil.expect, lilBand(lil.alpha, lil.tMin, lil.A)(lil.t)),
    ]),
    ...given.doubleStitching.map(({ p, t, tOpt, expect }) =>
      one(`doubleStitching p=${p}`, [near('bound', expect, doubleStitchingBound(p, t, alpha, tOpt))]),
    ),
    ...given.quantileABp.map(({ p, shift, expect }) =>
      one(`quantileAB p=${p} shift=${shift}`, [
        near(
          'p',
          expect,
          Math.min(1, Math.exp(-quantileDifferenceLogE(upTo1000(0), upTo1000(shift), p, { t: 100, alpha: alphaOpt }))),
        ),
      ]),
    ),
    ...given.bernoulliCI.map(({ k, n, tOpt, ci }) =>
      one(`bernoulli ${k}/${n}`, checkAll('ci', ci, bernoulliSequence(k, n, alpha, { t: tOpt, alpha: alphaOpt }), tol)),
    ),
  ]
}
