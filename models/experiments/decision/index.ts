export { VERDICTS, decisionOf, type ArmVerdict, type Evidence, type Decision, type VerdictName } from './decision.ts'
export { inWords, type Spoken } from './words.ts'
