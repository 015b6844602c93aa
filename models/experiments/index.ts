/** What others may use: statistics as pure functions of sums, the distributions under them, and the reference cases they are held to. */
export * from './statistics/index.ts'
export * as distributions from './distributions/index.ts'
export { runCases } from './cases/run.ts'
export { passed, type CaseResult, type Check } from './cases/check.ts'
