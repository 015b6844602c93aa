import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type {
  ExperimentRule,
  FlagRule,
  FlagType,
  ForceRule,
  RegisteredFlag,
} from '../../../schemas/experiments/flag.ts'
import { checkCondition } from '../definitions/check-bucketing.ts'
import type { DefinitionFault } from '../definitions/check-metric.ts'
import { checkId, type Need } from '../definitions/draft.ts'
import { rulesThatAsk, wayTo } from './references.ts'

/** A requested rule: a value by `force`, or an experiment. Which fields go together is checked here. */
export type RuleDraft = Partial<Omit<ForceRule, 'id'> & Omit<ExperimentRule, 'id'>> & { readonly id?: string }

/** A requested flag; other fields get defaults. */
export interface FlagDraft extends Pick<RegisteredFlag, 'id' | 'type' | 'defaultValue' | 'owner' | 'tags'> {
  readonly description?: string
  readonly clocks?: readonly string[]
  readonly rules?: readonly RuleDraft[]
}

export interface KnownToFlags {
  readonly experiments: readonly RegisteredExperiment[]
  readonly flags: readonly RegisteredFlag[]
  /** Ids of saved groups. */
  readonly groups: readonly string[]
}

const FORMS: Readonly<Record<FlagType, readonly [(value: unknown) => boolean, string]>> = {
  boolean: [(value) => typeof value === 'boolean', 'must be true or false'],
  number: [(value) => Number.isFinite(value), 'must be a number'],
  string: [(value) => typeof value === 'string', 'must be a text'],
  json: [(value) => typeof value === 'object' && value !== null, 'must be a JSON object or list'],
}

/** The flag that a draft describes, or all its faults. */
export function readFlag(draft: FlagDraft, known: KnownToFlags): RegisteredFlag | readonly DefinitionFault[] {
  const faults: DefinitionFault[] = []
  const need: Need = (ok, at, problem) => void (ok || faults.push({ at, problem }))
  const { clocks = ['live'], rules = [], ...rest } = draft
  const flag: RegisteredFlag = {
    ...rest,
    description: draft.description ?? '',
    clocks,
    rules: named(rules).map((rule) => withDefaults(rule, draft.id)),
    ...{ state: 'active', killed: false, revision: 0, action: 'create', by: '', at: 0 },
  }
  checkId(flag.id, need)
  need(clocks.length > 0 && new Set(clocks).size === clocks.length, 'clocks', 'must name each clock once, one at least')
  checkValue(flag, flag.defaultValue, 'defaultValue', need)
  const others = { ...known, flags: known.flags.filter(({ id, state }) => id !== flag.id && state === 'active') }
  checkAsked(flag, others.flags, need)
  rules.forEach((rule, at) => checkRule(flag, rule, `rules.${at}`, others, need))
  const ids = flag.rules.map(({ id }) => id)
  ids.forEach((id, at) => need(ids.indexOf(id) === at, `rules.${at}.id`, `must be its own: another rule is ${id}`))
  return faults.length === 0 ? flag : faults
}

/** Rules without an id get the first number that is free. */
function named(rules: readonly RuleDraft[]): (RuleDraft & { readonly id: string })[] {
  const taken = new Set(rules.map(({ id }) => id))
  let last = 0
  const next = (): string => {
    do last++
    while (taken.has(`rule-${last}`))
    return `rule-${last}`
  }
  return rules.map((rule) => ({ ...rule, id: rule.id ?? next() }))
}

/** A share is drawn by the flag's own hash, so that raising it keeps the units that have the value. */
const withDefaults = (rule: RuleDraft & { readonly id: string }, flag: string): FlagRule =>
  (rule.coverage === undefined ? rule : { hashAttribute: 'id', hashVersion: 2, seed: flag, ...rule }) as FlagRule

function checkValue({ type }: RegisteredFlag, value: unknown, at: string, need: Need): void {
  const [fits, problem] = FORMS[type]
  need(fits(value), at, problem)
}

/** Flags that ask for this one's value must find it wherever they are served. */
function checkAsked({ id, clocks }: RegisteredFlag, others: readonly RegisteredFlag[], need: Need): void {
  for (const other of others)
    for (const clock of rulesThatAsk(other, id).flatMap((rule) => rule.clocks ?? other.clocks))
      need(clocks.includes(clock), 'clocks', `must have ${clock}: ${other.id} asks for its value there`)
}

function checkRule(flag: RegisteredFlag, rule: RuleDraft, at: string, known: KnownToFlags, need: Need): void {
  const isForce = rule.force !== undefined
  need(isForce !== (rule.experiment !== undefined), at, 'must have either force, a value, or experiment, the id of one')
  if (isForce) checkForce(flag, rule as ForceRule, at, known, need)
  else if (rule.experiment !== undefined) checkExperimentRule(flag, rule as ExperimentRule, at, known, need)
}

function checkForce(flag: RegisteredFlag, rule: ForceRule, at: string, known: KnownToFlags, need: Need): void {
  const { force, condition, parentConditions = [], coverage, clocks = flag.clocks, schedule: { from, to } = {} } = rule
  checkValue(flag, force, `${at}.force`, need)
  checkCondition(condition, `${at}.condition`, known.groups, need)
  need(coverage === undefined || (coverage >= 0 && coverage <= 1), `${at}.coverage`, 'must be within 0 and 1')
  for (const field of ['hashAttribute', 'hashVersion', 'seed'] as const)
    need(coverage !== undefined || rule[field] === undefined, `${at}.${field}`, 'is for a share: give coverage too')
  const strange = clocks.filter((clock) => !flag.clocks.includes(clock))
  need(
    strange.length === 0,
    `${at}.clocks`,
    `must be some of the flag's own: it is not served on ${strange.join(', ')}`,
  )
  need(from === undefined || to === undefined || from < to, `${at}.schedule.to`, 'must be later than from')
  parentConditions.forEach((parent, i) => {
    checkParent(flag, parent.id, clocks, `${at}.parentConditions.${i}.id`, known, need)
    checkCondition(parent.condition, `${at}.parentConditions.${i}.condition`, known.groups, need)
  })
}

function checkParent(
  flag: RegisteredFlag,
  id: string,
  clocks: readonly string[],
  at: string,
  { flags, experiments }: KnownToFlags,
  need: Need,
): void {
  const way = wayTo(id, flag.id, flags)
  if (way !== undefined)
    return need(false, at, `asks for ${id}, and that for this flag again: ${[flag.id, ...way].join(' > ')}`)
  const served =
    flags.find((other) => other.id === id)?.clocks ??
    experiments.filter((other) => other.id === id && other.state !== 'archived').map(({ clock }) => clock)
  for (const clock of clocks)
    need(served.includes(clock), at, `there is no flag or experiment ${id} on the clock ${clock}, or it is archived`)
}

const OWN_FIELDS = ['id', 'description', 'experiment', 'values']

function checkExperimentRule(
  flag: RegisteredFlag,
  rule: ExperimentRule,
  at: string,
  { experiments }: KnownToFlags,
  need: Need,
): void {
  for (const field of Object.keys(rule).filter((name) => !OWN_FIELDS.includes(name)))
    need(false, `${at}.${field}`, 'is not for an experiment: its own bucketing says who takes part')
  const experiment = experiments.find(({ id, state }) => id === rule.experiment && state !== 'archived')
  if (experiment === undefined)
    return need(false, `${at}.experiment`, `there is no experiment ${rule.experiment}, or it is archived`)
  need(
    flag.clocks.includes(experiment.clock),
    `${at}.experiment`,
    `runs on the clock ${experiment.clock}, where the flag is not served`,
  )
  const keys = experiment.variations.map(({ key }) => key)
  for (const key of keys) {
    const has = rule.values !== undefined && Object.hasOwn(rule.values, key)
    need(has, `${at}.values.${key}`, 'is missing: each variation needs a value')
    if (has) checkValue(flag, rule.values[key], `${at}.values.${key}`, need)
  }
  for (const key of Object.keys(rule.values ?? {}))
    need(keys.includes(key), `${at}.values.${key}`, `is no variation of ${rule.experiment}: ${keys.join(', ')}`)
}
