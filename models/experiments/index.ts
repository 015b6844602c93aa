/**
 * Public interface: statistics as pure functions of sums, their distributions, the reference cases that check them,
 * definitions, scorecards and verdicts.
 */
export * from './statistics/index.ts'
export * as distributions from './distributions/index.ts'
export * as assignment from './assign/index.ts'
export * from './definitions/index.ts'
export * from './flags/index.ts'
export * from './scorecard/index.ts'
export * from './decision/index.ts'
export * from './bandit/index.ts'
export * from './rollout/index.ts'
export * from './planning/index.ts'

export { type CaseResult, type Check } from './cases/check.ts'
