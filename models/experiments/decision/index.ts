export { VERDICTS, decisionOf, type ArmVerdict, type Evidence, type Decision, type VerdictName } from './decision.ts'
export { CHOICES, differencesOf, fingerprint, type DecisionRecord, type Difference, type Shown } from './record.ts'
export { DECISIONS, decisionsOn, isIntact, storeDecision, type StoredDecision } from './stored.ts'
export { inWords, type Spoken } from './words.ts'
