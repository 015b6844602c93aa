export {
  nextMove,
  standingOfRollout,
  type RolloutEvent,
  type RolloutMove,
  type RolloutStanding,
  type RolloutStep,
  type RolloutView,
} from './rollout.ts'
export { rolloutOf, ROLLOUTS, storeRolloutEvent } from './stored.ts'
