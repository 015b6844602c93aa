import { beta, chiSquared, fisher, logGamma, normal, student } from '../distributions/index.ts'
import { check, fault, type CaseResult } from './check.ts'

/** A function by its usual name, its arguments (those of the distribution last), and its value. */
export type DistributionCase = readonly [name: string, args: readonly number[], value: number]

const BAR = 1e-10
/** A smaller value agrees with a reference value of 0, to which it was rounded. */
const NOTHING = 1e-300

type Numeric = (...args: number[]) => number

const FUNCTIONS: ReadonlyMap<string, Numeric> = new Map<string, Numeric>([
  ['norm.ppf', normal.quantile],
  ['norm.cdf', normal.cdf],
  ['norm.sf', normal.sf],
  ['norm.isf', normal.isf],
  ['t.ppf', student.quantile],
  ['t.cdf', student.cdf],
  ['t.sf', student.sf],
  ['t.isf', student.isf],
  ['chi2.ppf', chiSquared.quantile],
  ['chi2.cdf', chiSquared.cdf],
  ['chi2.sf', chiSquared.sf],
  ['chi2.isf', chiSquared.isf],
  ['f.ppf', fisher.quantile],
  ['f.cdf', fisher.cdf],
  ['f.sf', fisher.sf],
  ['f.isf', fisher.isf],
  ['beta.ppf', beta.quantile],
  ['beta.cdf', beta.cdf],
  ['beta.sf', beta.sf],
  ['beta.isf', beta.isf],
  ['gammaln', logGamma],
])

export const distributions = (cases: readonly DistributionCase[]): CaseResult[] =>
  cases.map(([name, args, value]) => {
    const known = FUNCTIONS.get(name)
    const checked =
      known === undefined
        ? fault('a function that is known', name)
        : check('value', value, known(...args), Math.max(NOTHING, BAR * Math.abs(value)))
    return { group: name, id: `(${args.join(', ')})`, checks: [checked] }
  })
