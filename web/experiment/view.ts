import type { Cell, Row } from '../chart/row.ts'
import { changeText, judge } from '../chart/effect.ts'
import type { Me, ScoreCell } from '../shell/answers.ts'
import { amount, fullTime, percent } from '../shell/format.ts'
import { unitOf } from '../shell/units.ts'
import type { Experiment, Health, Metric, Quantiles } from './types.ts'

const DAY_MS = 86_400_000

/** A figure of a metric: a share, milliseconds, events a unit. */
export function figure(metric: Metric | undefined, value: number | null): string {
  if (value === null) return 'no data'
  if (metric?.unit === 'share') return percent(value)
  return unitOf(metric?.unit === 'events' ? 'count' : (metric?.unit ?? 'count')).format(value)
}

export const metricOf = ({ metrics }: Experiment, id: string): Metric | undefined =>
  [...metrics.primary, ...metrics.guardrail, ...metrics.secondary].find((metric) => metric.id === id)

export const armName = ({ variations }: Experiment, at: number): string => variations[at]?.name ?? String(at)

export interface Role {
  readonly may: (action: string) => boolean
  /** Why something is not offered; '' if everything is. */
  readonly why: string
}

/** What somebody may do to an experiment, as api/experiments decides; `first`: its first revision. */
export function roleOf({ name, scopes }: Me, { owner }: Experiment, first: Experiment | undefined): Role {
  if (!scopes.includes('write:experiments'))
    return { may: () => false, why: `Signed in as ${name}, you may look: changes need the scope write:experiments.` }
  const owners = [owner, first?.principal ?? first?.by].filter((each) => each !== undefined)
  if (scopes.includes('admin:experiments') || owners.includes(name)) return { may: () => true, why: '' }
  return {
    may: (action) => action === 'kill',
    why: `It belongs to ${[...new Set(owners)].join(', ')}: signed in as ${name}, you may kill it. The rest needs the scope admin:experiments.`,
  }
}

/** Below the headline: state, how long, how many, who. */
export function note(experiment: Experiment, units: number, watermark: number | undefined): string {
  const { state, killed, startedAt, stoppedAt, owner, by, bucketing, clock } = experiment
  const until = stoppedAt ?? watermark
  return [
    killed ? 'killed: everybody gets the control' : state,
    ...(startedAt === null || until === undefined
      ? []
      : [`${(Math.max(0, until - startedAt) / DAY_MS).toFixed(1)} days`]),
    `${amount(units)} units`,
    `${percent(bucketing.coverage)} of all units take part`,
    `clock “${clock}”`,
    `owner ${owner ?? by}`,
  ].join(' · ')
}

export const SCORE_HEAD = ['metric', 'arm', 'change', 'control', 'arm’s value', 'units', 'still open', 'says']

/** What a cell says in a word, with a colour. */
export function saying(
  { family, relative, discovery, guardrail, reason }: ScoreCell,
  metric: Metric | undefined,
): Cell {
  if (relative === null) return { text: reason === '' ? 'not yet' : reason, state: 'few' }
  if (family === 'guardrail') {
    if (guardrail === 'inferior') return { text: 'harmed', state: 'bad' }
    return guardrail === 'undecided' ? { text: 'undecided', state: 'few' } : { text: 'not harmed', state: 'good' }
  }
  if (!discovery) return { text: 'no difference found', state: 'few' }
  return judge(relative.interval, metric?.better ?? 'up') === 'good'
    ? { text: 'better', state: 'good' }
    : { text: 'worse', state: 'bad' }
}

/** A row of the scorecard; `picture` draws its interval. A closed gate says what it waits for. */
export function scoreRow(experiment: Experiment, cell: ScoreCell, picture: object | undefined): Row {
  const metric = metricOf(experiment, cell.metric)
  const { relative, gate, units, openUnits } = cell
  const change =
    relative === null
      ? gate.open
        ? 'not computed'
        : `from about ${amount(gate.unitsNeeded)} units an arm`
      : changeText(relative.effect, relative.interval)
  return [
    { text: metric?.name ?? cell.metric, title: `${cell.metric}@${cell.version}: ${metric?.description ?? ''}` },
    armName(experiment, cell.variation) + (cell.slice === null ? '' : `, ${cell.slice.name} ${cell.slice.value}`),
    { text: change, ...(picture !== undefined && { picture }) },
    { text: figure(metric, cell.control), state: 'few' },
    { text: figure(metric, cell.treatment), state: 'few' },
    `${amount(units.control)} and ${amount(units.treatment)}`,
    openUnits === 0 ? 'none' : amount(openUnits),
    saying(cell, metric),
  ]
}

export const isBroken = ({ exposed, counted, dimensions, late }: Health): boolean =>
  exposed.alert || counted.alert || late?.alert === true || Object.values(dimensions).some(({ alert }) => alert)

const verdict = (alert: boolean, good: string, bad: string): Cell =>
  alert ? { text: bad, state: 'bad' } : { text: good, state: 'good' }

/** Health, question by question. */
export function healthRows(experiment: Experiment, { exposed, counted, multiple, dimensions, late }: Health): Row[] {
  const total = (exposed.phases.at(-1)?.units ?? []).map((units, at) => `${armName(experiment, at)} ${amount(units)}`)
  return [
    [
      'Do units fall on the arms as the weights say?',
      verdict(exposed.alert, 'yes', `no, off by ${percent(exposed.shareError)}`),
      total.join(', '),
    ],
    [
      'Still, without those who met several arms?',
      verdict(counted.alert, 'yes', 'no'),
      `${amount(multiple)} met several`,
    ],
    [
      'Are there units in an arm that nobody should be in?',
      verdict(exposed.leaked > 0, 'none', amount(exposed.leaked)),
      '',
    ],
    ...Object.entries(dimensions).map(([name, { alert, values }]): Row => [
      `Also by ${name}?`,
      verdict(alert, 'yes', `no, most at ${values[0]?.value ?? ''}`),
      `${amount(values.length)} values`,
    ]),
    ...(late === null
      ? []
      : [['Do exposures arrive equally late in all arms?', verdict(late.alert, 'yes', 'no'), ''] satisfies Row]),
  ]
}

type Comparison = Pick<Quantiles['comparisons'][number], 'metric' | 'variation' | 'cells' | 'slice' | 'units'>

/** A row a level. A value that is not finite never came; where there are no units, nothing is known of it. */
export const quantileRows = (
  experiment: Experiment,
  { metric: id, variation, cells, slice, units }: Comparison,
): Row[] =>
  cells.map(({ level, control, treatment, difference, interval: [low, high] }) => {
    const format = (value: number): string => figure(metricOf(experiment, id), value)
    const told = (value: number | null, count: number): string =>
      value === null ? (count === 0 ? 'no data' : 'never') : format(value)
    const end = (value: number | null): string => (value === null ? 'open' : format(value))
    const names = [armName(experiment, variation), ...(slice === null ? [] : [slice.value])]
    return [
      [`p${Math.round(level * 100)}`, ...names].join(', '),
      told(control, units.control),
      told(treatment, units.treatment),
      difference === null ? 'no data' : format(difference),
      low === null && high === null ? 'not yet' : `${end(low)} to ${end(high)}`,
    ]
  })

/** The audit trail, latest first. */
export const trailRows = (revisions: readonly Experiment[]): Row[] =>
  revisions
    .toReversed()
    .map(({ action, by, principal, at, revision, state, bucketing }) => [
      { text: action, title: `revision ${revision}` },
      principal === undefined || principal === by ? by : `${by} (key ${principal})`,
      fullTime(at),
      state,
      percent(bucketing.coverage),
    ])
