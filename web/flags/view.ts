import type { Cell, Row } from '../chart/row.ts'
import { fullTime, percent } from '../shell/format.ts'
import type { Evaluation, Flag, Rule } from './types.ts'

/** What the page says about flags. Pure. */
const written = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

/** The headline of the list: what to do. */
export function listHeadline(flags: readonly Flag[]): string {
  const active = flags.filter(({ state }) => state === 'active')
  const killed = active.filter((flag) => flag.killed)
  if (active.length === 0) return 'No flag yet: create the first one'
  if (killed.length === 1) return `“${killed[0]!.id}” is killed: mend what it was killed for, or archive it`
  if (killed.length > 1) return `${killed.length} flags are killed: mend what they were killed for, or archive them`
  return active.length === 1 ? 'Nothing to do: one flag is served' : `Nothing to do: ${active.length} flags are served`
}

/** The headline of one flag: who gets what, and what to do about it. */
export function headline({ id, state, killed, rules, defaultValue }: Flag, now: number): string {
  const rest = written(defaultValue)
  if (state === 'archived') return `“${id}” is archived: applications get their own default`
  if (killed) return `Killed: everybody gets ${rest} until the kill is undone`
  const live = rules.filter((rule) => timing(rule, now) !== 'over')
  if (live.length === 0) return `Everybody gets ${rest}: add a rule, or remove the flag from the code and archive it`
  const [first] = live
  const whole = first!.condition === undefined && first!.parentConditions === undefined && first!.coverage === undefined
  if (whole && first!.force !== undefined && timing(first!, now) === 'in force')
    return `Everybody gets ${written(first!.force)}: if that is final, remove the flag from the code and archive it`
  return `${live.length === 1 ? 'One rule decides' : `The first of ${live.length} rules that decides gives the value`}; who meets none gets ${rest}`
}

export const note = ({ type, clocks, owner, by, revision, at, description }: Flag): string =>
  [
    ...(description === '' ? [] : [description]),
    type,
    `served on ${clocks.join(', ')}`,
    `owner ${owner ?? by}`,
    `revision ${revision}, by ${by}, ${fullTime(at)}`,
  ].join(' · ')

export const flagLink = (id: string): string => `/flags?${new URLSearchParams({ id })}`

export const LIST_HEAD = ['flag', 'state', 'default', 'rules', 'clocks', 'changed', 'by', 'owner']
export const listRow = ({ id, description, tags = [], ...flag }: Flag): Row => [
  { text: id, href: flagLink(id), title: [description, ...tags].join(' · ') },
  stateCell(flag),
  written(flag.defaultValue),
  flag.rules.length === 0 ? 'none' : String(flag.rules.length),
  flag.clocks.join(', '),
  fullTime(flag.at),
  flag.by,
  flag.owner ?? '',
]

function stateCell({ state, killed }: Pick<Flag, 'state' | 'killed'>): Cell {
  if (state === 'archived') return { text: 'archived', state: 'unknown' }
  return killed ? { text: 'killed', state: 'bad' } : { text: 'served', state: 'good' }
}

export type Timing = 'in force' | 'not yet' | 'over'
export const timing = ({ schedule: { from, to } = {} }: Rule, now: number): Timing =>
  from !== undefined && now < from ? 'not yet' : to !== undefined && now >= to ? 'over' : 'in force'

/** The value that a rule gives. */
export const gives = ({ force, values = {} }: Rule): string =>
  force !== undefined
    ? written(force)
    : Object.entries(values)
        .map(([key, value]) => `${key}: ${written(value)}`)
        .join(', ')

/** Whom a rule is for. */
export function whom({
  condition = {},
  parentConditions = [],
  coverage,
  hashAttribute,
  experiment,
  clocks,
}: Rule): string {
  if (experiment !== undefined) return `units of the experiment ${experiment}`
  const parts = [
    ...Object.entries(condition).map(([name, expected]) => conditionWords(name, expected)),
    ...parentConditions.map(({ id, condition: asked }) =>
      Object.entries(asked)
        .map(([name, expected]) => conditionWords(name === 'value' ? id : `${id}’s ${name}`, expected))
        .join(' and '),
    ),
  ].filter((part) => part !== '')
  const who = parts.length === 0 ? 'everybody' : `units where ${parts.join(' and ')}`
  return [
    coverage === undefined ? who : `${percent(coverage)} of ${who}, by ${hashAttribute ?? 'id'}`,
    ...(clocks === undefined ? [] : [`on ${clocks.join(', ')}`]),
  ].join(', ')
}

const OPERATORS: Readonly<Record<string, string>> = {
  $eq: 'is',
  $ne: 'is not',
  $in: 'is one of',
  $nin: 'is none of',
  $inGroup: 'is in the group',
  $notInGroup: 'is not in the group',
  $lt: 'is below',
  $lte: 'is at most',
  $gt: 'is above',
  $gte: 'is at least',
  $vgte: 'is at least version',
  $vlt: 'is below version',
  $regex: 'matches',
}

function conditionWords(name: string, expected: unknown): string {
  if (typeof expected !== 'object' || expected === null) return `${name} is ${String(expected)}`
  const entries = Object.entries(expected)
  if (entries.length === 0 || !entries.every(([operator]) => operator in OPERATORS))
    return `${name} ${written(expected)}`
  return entries
    .map(([operator, operand]) => `${name} ${OPERATORS[operator]} ${[operand].flat().join(', ')}`)
    .join(' and ')
}

/** When a rule holds. */
export function when(rule: Rule, now: number): Cell {
  const { from, to } = rule.schedule ?? {}
  if (from === undefined && to === undefined) return { text: 'always' }
  const words = [
    ...(from === undefined ? [] : [`from ${fullTime(from)}`]),
    ...(to === undefined ? [] : [`until ${fullTime(to)}`]),
  ]
  const state = timing(rule, now)
  return { text: `${state}: ${words.join(' ')}`, state: state === 'in force' ? 'good' : 'unknown' }
}

export const RULE_HEAD = ['rule', 'gives', 'to whom', 'when', 'for the unit tried below']
export const ruleRows = ({ rules, defaultValue }: Flag, now: number, tried: Evaluation | undefined): Row[] => [
  ...rules.map((rule, at): Row => [
    { text: `${at + 1}. ${rule.id}`, title: rule.description ?? '' },
    gives(rule),
    whom(rule),
    when(rule, now),
    stepCell(tried?.steps.find((step) => step.rule === rule.id)),
  ]),
  ['else', written(defaultValue), 'everybody else', 'always', tried?.source === 'defaultValue' ? DECIDES : ''],
]

const DECIDES: Cell = { text: 'decides', state: 'good' }
const PASSED: Readonly<Record<string, string>> = {
  condition: 'passed over: the condition does not hold',
  prerequisite: 'passed over: the other flag does not say so',
  share: 'passed over: not in the share',
  experiment: 'passed over: not in the experiment',
}
function stepCell(step: Evaluation['steps'][number] | undefined): Cell | string {
  if (step === undefined) return ''
  if (step.outcome === 'decided') return DECIDES
  return { text: step.because === null ? step.outcome : PASSED[step.because]!, state: 'few' }
}

/** What the unit that was tried gets, in a sentence. */
export function triedWords({ value, rule, source, experiment, variation, clock, at }: Evaluation): string {
  const gets = `It gets ${written(value)} on ${clock}, ${fullTime(at)}`
  if (source === 'unknownFeature') return `Nothing: the flag is not served on ${clock}`
  if (experiment !== null) return `${gets}: rule ${rule}, variation ${variation} of the experiment ${experiment}`
  return rule === '' ? `${gets}: no rule decides` : `${gets}: rule ${rule} decides`
}

/** The part of a flag that a change replaces, as a text to edit: a line a rule. */
export const editable = ({ description, owner, tags, clocks, defaultValue, rules }: Flag): string =>
  [
    '{',
    ...Object.entries({ description, owner, tags, clocks, defaultValue })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `  ${written(name)}: ${written(value)},`),
    `  "rules": [${rules.map((rule) => `\n    ${written(rule)}`).join(',')}${rules.length === 0 ? '' : '\n  '}]`,
    '}',
  ].join('\n')

/** What a change would do, a line each: rules that go, come or differ. */
export function changes(before: Flag, after: Flag): string[] {
  const lineOf = (rule: Rule): string =>
    [
      `${gives(rule)} to ${whom(rule)}`,
      ...(rule.schedule === undefined ? [] : [when(rule, 0).text.replace(/^.*?: /, '')]),
    ].join(', ')
  const of = ({ defaultValue, rules, clocks }: Flag): Map<string, string> =>
    new Map([
      ...rules.map((rule) => [`rule ${rule.id}`, lineOf(rule)] as const),
      ['the default', written(defaultValue)] as const,
      ['clocks', clocks.join(', ')] as const,
    ])
  const [old, now] = [of(before), of(after)]
  const lines = [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)]
    if (was === is) return []
    if (was === undefined) return [`New ${name}: ${is}.`]
    return is === undefined ? [`No ${name} any more: ${was}.`] : [`${name}: ${is}, before ${was}.`]
  })
  const order = (flag: Flag): string => flag.rules.map(({ id }) => id).join(', ')
  if (lines.length === 0 && order(before) !== order(after))
    return [`Rules are asked in another order: ${order(after)}.`]
  return lines.length === 0 ? ['Nobody gets another value.'] : lines
}

/** The audit trail, latest first. */
export const TRAIL_HEAD = ['action', 'by', 'at', 'default', 'rules']
export const trailRows = (revisions: readonly Flag[]): Row[] =>
  revisions
    .toReversed()
    .map(({ action, by, at, revision, defaultValue, rules }) => [
      { text: action, title: `revision ${revision}` },
      by,
      fullTime(at),
      written(defaultValue),
      rules.map((rule) => `${gives(rule)} to ${whom(rule)}`).join('; ') || 'none',
    ])
