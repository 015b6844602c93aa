export { banditEstimate, type BanditArm, type BanditEstimate, type BanditPhase } from './estimate.ts'
export { chancesOfBest, nextWeights } from './weights.ts'
export { banditStanding, type BanditStanding, type StandingArm } from './standing.ts'
