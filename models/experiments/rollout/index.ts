export { nextMove, standingOfRollout, type RolloutEvent, type RolloutMove, type RolloutStanding } from './rollout.ts'
export { rolloutOf, ROLLOUTS, storeRolloutEvent } from './stored.ts'
