import { fault, type CaseResult } from './check.ts'
import { distributions, type DistributionCase } from './distributions.ts'
import {
  gbstats,
  midExperimentPower,
  multiple,
  welchRaw,
  type EffectCase,
  type MidRunCase,
  type MultipleCase,
} from './effects.ts'
import {
  confseq,
  counts,
  power,
  srm,
  type ConfseqCases,
  type CountCase,
  type PowerCase,
  type SrmCase,
} from './sequences.ts'

/** Groups of a file by key. The content of a group is not validated: it is only compared, not stored. */
const GROUPS: Readonly<Record<string, (cases: unknown) => CaseResult[]>> = {
  cases: (cases) => distributions(cases as DistributionCase[]),
  gbstats: (cases) => gbstats(cases as EffectCase[]),
  welchRaw: (cases) => welchRaw(cases as EffectCase[]),
  midExperimentPower: (given) => midExperimentPower(given as MidRunCase),
  multiple: (cases) => multiple(cases as MultipleCase[]),
  counts: (cases) => counts(cases as CountCase[]),
  srm: (cases) => srm(cases as SrmCase[]),
  power: (cases) => power(cases as PowerCase[]),
  confseq: (given) => confseq(given as ConfseqCases),
}

/** A malformed group counts as one failure; the others still run. */
function runGroup(group: string, cases: unknown): CaseResult[] {
  const run = Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined
  if (run === undefined)
    return [{ group, id: 'the group', checks: [fault(`one of ${Object.keys(GROUPS).join(', ')}`, group)] }]
  try {
    return run(cases)
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    return [{ group, id: 'the group', checks: [fault('cases in the form of this group', error.message)] }]
  }
}

/** Runs every case of a file of reference cases; keys that begin with `_` are notes for readers. */
export function runCases(file: unknown): CaseResult[] {
  if (typeof file !== 'object' || file === null) return []
  return Object.entries(file)
    .filter(([key]) => !key.startsWith('_'))
    .flatMap(([group, cases]) => runGroup(group, cases))
}
