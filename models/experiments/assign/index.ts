export { type Range } from './bucket.ts'
export { groupsIn, slipsOf, type SavedGroups, type Test } from './condition.ts'
export { readExperiment, type ExperimentDefinition, type Reading, type Rule } from './definition.ts'
export { assign, evaluateFeature, type Evaluation, type FeatureResult } from './evaluate.ts'
export {
  compileExperiment,
  type Context,
  type Experiment,
  type Exposure,
  type Leaf,
  type Result,
  type Told,
} from './experiment.ts'
export { compileFeatures, stickyKeys, type Features, type Payload } from './feature.ts'
export { type StickyDocument, type StickyDocuments } from './sticky.ts'
