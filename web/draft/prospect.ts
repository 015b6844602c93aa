import type { Row } from '../chart/row.ts'
import type { Outlook } from '../shell/answers.ts'
import { amount, percent } from '../shell/format.ts'
import { unitOf } from '../shell/units.ts'

/** What the outlook says, in words; pure. */
type MetricOutlook = Outlook['metrics'][number]
type Day = MetricOutlook['days'][number]

/** Days after which an effect is told in words. */
const FORTNIGHT = 14

/** "Of 2,000 profiles of the last week, 500 (25.0 %) would take part." */
export function audienceSentence({ audience: { units, in: inside, unknown } }: Outlook, unit: string): string {
  if (units === 0) return `No history: in the last week there was no ${unit} that this clock knows.`
  const share = `Of ${amount(units)} units (${unit}) of the last week, ${amount(inside)} (${percent(inside / units)}) would take part.`
  if (unknown.length === 0) return share
  return `${share} History does not know ${unknown.join(', ')}: nobody counts as having it.`
}

/** Rows of units by one attribute; `picture` draws a share. */
export const reachRows = (reached: Outlook['audience']['country'], picture: (share: number) => object): Row[] =>
  reached.map(({ value, units, in: inside }) => [
    value === '' ? 'unknown' : value,
    amount(units),
    amount(inside),
    { text: percent(inside / units), picture: picture(inside / units) },
  ])

/** The finding of the picture: what a fortnight finds, or from when something can be found. */
export function found({ name, reason, days }: MetricOutlook): string {
  if (reason === 'no data') return `${name}: no data of the past, so nothing can be said of what would be found.`
  if (reason !== '') return `${name}: quantiles have a band at any time, and no plan.`
  const fortnight = days.find(({ day }) => day === FORTNIGHT)
  if (typeof fortnight?.effect === 'number')
    return `${name}: after ${FORTNIGHT} days, changes of ${percent(fortnight.effect)} and more are found.`
  const first = days.find(({ effect }) => effect !== null)
  return first === undefined
    ? `${name}: within ${days.length} days nothing would be found: too few units come, or too few with an outcome.`
    : `${name}: on day ${first.day} changes of ${percent(first.effect)} and more are found, before nothing.`
}

export const daySentence = ({ day, units, effect }: Day): string =>
  `Day ${day}: ${amount(units)} units counted, ${effect === null ? 'nothing found yet' : `changes of ${percent(effect)} and more found`}`

export const dayRows = ({ days }: MetricOutlook, observed: number): Row[] =>
  days.map(({ day, units, effect }) => [
    `${day}${day > observed ? ', extrapolated' : ''}`,
    amount(units),
    effect === null ? 'not yet' : percent(effect),
  ])

export const PAST_HEAD = ['metric', 'units', 'mean', 'with an outcome', 'p50 of totals', 'p90', 'p99']

/** What the metrics were in the last window that has closed. */
export const pastRows = ({ metrics }: Outlook): Row[] =>
  metrics.map(({ name, unit, past }) => {
    if (past === null) return [name, 'no data', ...PAST_HEAD.slice(2).map(() => '')]
    const { format } = unitOf(unit === 'events' ? 'count' : unit === 'share' ? 'ratio' : unit)
    return [
      name,
      amount(past.units),
      format(past.mean),
      percent(past.nonzero / past.units),
      ...past.percentiles.map((value) => (unit === 'ms' ? format(value) : amount(value))),
    ]
  })

/** Whose history it is, and how far it reaches. */
export function basisSentence({ observed_days: days, planned_units: planned, audience: { sampled } }: Outlook): string {
  const seen = days >= 0.1 ? `${Number(days.toFixed(1))} days` : 'less than 0.1 days'
  return [
    `From ${seen} of history, for ${amount(planned)} planned units: found with a chance of 80 %, whenever somebody looks.`,
    ...(sampled > 1 ? [`One in ${sampled} units was read.`] : []),
  ].join(' ')
}
