import { normal } from '../distributions/index.ts'
import {
  because,
  covaried,
  isComputed,
  linearised,
  stratified,
  stratifiedEffect,
  type Computed,
  type Covaried,
  type Effect,
  type Moments,
  type Stratified,
  type Stratum,
} from '../statistics/index.ts'
import { addSums, asRatio, NOTHING, type Sums } from './sums.ts'

/** Sums of both arms among units of one phase: those with history, and those without. */
export interface PhaseSums {
  readonly phase: number
  readonly control: ArmSums
  readonly treatment: ArmSums
}

export interface ArmSums {
  readonly seen: Sums
  readonly fresh: Sums
}

export const armTotal = ({ seen, fresh }: ArmSums): Sums => addSums(seen, fresh)

/** The effect of the covariate adjustment. */
export interface Adjustment {
  /** Share of the variance that it removed. */
  readonly varianceReduction: number
  /**
   * The covariate differed between the arms before the treatment: it is not used, and the cause should be investigated.
   */
  readonly imbalanced: boolean
}

export interface Estimated extends Stratified {
  readonly adjustment: Adjustment | null
  /** The absolute effect within each phase, for the evidence. */
  readonly phases: readonly Effect[]
}

/** Arms that differ this much before exposure do not differ by chance. */
const IMBALANCED_P = 0.001

const isThere = ({
  control,
  treatment,
}: {
  readonly control: { readonly n: number }
  readonly treatment: { readonly n: number }
}): boolean => control.n > 1 && treatment.n > 1

interface Compared {
  readonly plain: Stratum
  readonly adjusted: Stratum
  /** In standard errors. */
  readonly imbalance: number
}

/**
 * Both arms without the part that the covariate explains within them. The covariate is centred on its mean over both
 * arms, so the level of the outcome stays.
 */
function compare(control: Covaried, treatment: Covaried): Compared {
  const plain = { control: plainOf(control), treatment: plainOf(treatment) }
  const spread = control.n * control.pre.variance + treatment.n * treatment.pre.variance
  if (!(spread > 0)) return { plain, adjusted: plain, imbalance: 0 }
  const slope = (control.n * control.covariance + treatment.n * treatment.covariance) / spread
  const before = (control.n * control.pre.mean + treatment.n * treatment.pre.mean) / (control.n + treatment.n)
  const adjusted = ({ n, post, pre, covariance }: Covaried): Moments => ({
    n,
    mean: post.mean - slope * (pre.mean - before),
    variance: Math.max(0, post.variance - 2 * slope * covariance + slope ** 2 * pre.variance),
  })
  const error = Math.sqrt(control.pre.variance / control.n + treatment.pre.variance / treatment.n)
  return {
    plain,
    adjusted: { control: adjusted(control), treatment: adjusted(treatment) },
    imbalance: error > 0 ? (treatment.pre.mean - control.pre.mean) / error : 0,
  }
}
const plainOf = ({ n, post }: Covaried): Moments => ({ n, mean: post.mean, variance: post.variance })

const asMean = ({ n, y, yy, x, xx, yx }: Sums): Covaried =>
  covaried({ n, post: { sum: y, sumSquares: yy }, pre: { sum: x, sumSquares: xx }, product: yx })

/** For a mean, units without history are a separate stratum, not units with a history of zeros. */
function meanStrata({ control, treatment }: PhaseSums): Compared[] {
  const known = { control: control.seen, treatment: treatment.seen }
  const fresh = { control: control.fresh, treatment: treatment.fresh }
  const strata: Compared[] = []
  if (isThere(known)) strata.push(compare(asMean(known.control), asMean(known.treatment)))
  if (isThere(fresh)) {
    const plain = { control: plainOf(asMean(fresh.control)), treatment: plainOf(asMean(fresh.treatment)) }
    strata.push({ plain, adjusted: plain, imbalance: 0 })
  }
  return strata
}

/** For a ratio, a unit without history contributes 0 to the ratio before exposure, so no separate stratum is needed. */
function ratioStrata({ control, treatment }: PhaseSums): Compared[] {
  const [c, t] = [armTotal(control), armTotal(treatment)]
  if (!isThere({ control: c, treatment: t }) || c.d === 0 || t.d === 0) return []
  const [before, after] = [c.e > 0 && t.e > 0, [linear(c), linear(t)] as const]
  const compared = compare(...after)
  return [before ? compared : { ...compared, adjusted: compared.plain, imbalance: 0 }]
}

/** If there is no data before exposure the covariate has no effect, which avoids a division by zero. */
function linear(sums: Sums): Covaried {
  const whole = linearised(asRatio(sums.e > 0 ? sums : { ...sums, e: 1 }))
  return sums.e > 0 ? whole : { ...whole, pre: { mean: 0, variance: 0 }, covariance: 0 }
}

/** The effect of one arm against the control, by phase and history, with the covariate if it may be used. */
export function estimate(phases: readonly PhaseSums[], kind: 'mean' | 'ratio'): Computed<Estimated> {
  const compared = phases
    .map((phase) => (kind === 'mean' ? meanStrata(phase) : ratioStrata(phase)))
    .filter((strata) => strata.length > 0)
  const all = compared.flat()
  if (all.length === 0) return because('there are too few units')
  const imbalanced = all.some(({ imbalance }) => 2 * normal.sf(Math.abs(imbalance)) < IMBALANCED_P)
  const used = (each: Compared): Stratum => (imbalanced ? each.plain : each.adjusted)
  const whole = stratified(all.map(used))
  if (!isComputed(whole)) return whole
  return {
    ...whole,
    adjustment: adjustmentOf(all, imbalanced, whole.absolute.se),
    phases:
      compared.length === 1
        ? [whole.absolute]
        : compared.map((strata) => stratifiedEffect(strata.map(used), 'absolute')).filter(isComputed),
  }
}

function adjustmentOf(all: readonly Compared[], imbalanced: boolean, se: number): Adjustment | null {
  if (imbalanced) return { varianceReduction: 0, imbalanced }
  if (all.every(({ plain, adjusted }) => plain === adjusted)) return null
  const plain = stratifiedEffect(
    all.map((each) => each.plain),
    'absolute',
  )
  return isComputed(plain) ? { varianceReduction: 1 - (se / plain.se) ** 2, imbalanced } : null
}

export const NO_ARM: ArmSums = { seen: NOTHING, fresh: NOTHING }
