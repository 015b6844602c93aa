/**
 * What others may use: statistics as pure functions of sums, the distributions under them, the reference cases they are
 * held to, definitions and scorecards.
 */
export * from './statistics/index.ts'
export * as distributions from './distributions/index.ts'
export * as assignment from './assign/index.ts'
export * from './definitions/index.ts'
export * from './scorecard/index.ts'

export { type CaseResult, type Check } from './cases/check.ts'
