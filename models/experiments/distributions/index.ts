/**
 * Each distribution has cdf, sf (upper tail, computed directly, not as 1 − cdf), quantile and isf (quantile of the
 * upper tail); some have pdf.
 */
export * as beta from './beta.ts'
export * as chiSquared from './chi-squared.ts'
export * as fisher from './fisher.ts'
export * as normal from './normal.ts'
export * as student from './student.ts'
export { logBeta, logGamma, zeta } from './gamma-function.ts'
export { incompleteBeta } from './incomplete-beta.ts'
export { incompleteGamma } from './incomplete-gamma.ts'
