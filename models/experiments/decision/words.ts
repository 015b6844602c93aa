import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import { metricsOf } from '../../../schemas/experiments/experiment.ts'
import type { Interval } from '../statistics/index.ts'
import type { Reason, Decision } from './decision.ts'

/** A verdict as a reader takes it in: one sentence, then a sentence for each reason. */
export interface Spoken {
  readonly headline: string
  readonly reasons: readonly string[]
}

/** Says a verdict in words; the same in the API, on pages and in webhooks. */
export function inWords(
  experiment: RegisteredExperiment,
  { verdict, variation, reasons }: Omit<Decision, 'arms'>,
): Spoken {
  const said = reasons.map((reason) => sentence(reasonText(experiment, reason)))
  return { headline: headlineOf(verdict, nameOf(experiment, variation), reasons, experiment), reasons: said }
}

function headlineOf(
  verdict: Decision['verdict'],
  arm: string,
  reasons: readonly Reason[],
  experiment: RegisteredExperiment,
): string {
  const because = reasons[0] === undefined ? '' : `: ${reasonText(experiment, reasons[0])}`
  switch (verdict) {
    case 'not started':
      return 'Not started yet: nobody is exposed.'
    case 'untrusted':
      return `Do not decide from this${because}.`
    case 'roll back':
      return `Roll back ${arm}${because}.`
    case 'ship':
      return `Ship ${arm}${because}.`
    case 'no difference':
      return `No difference that matters${because}.`
    case 'keep running':
      return `Keep running${because}.`
    case 'inconclusive':
      return `Ended without an answer${because}.`
  }
}

const nameOf = ({ variations }: RegisteredExperiment, at: number | null): string => {
  const variation = at === null ? undefined : variations[at]
  return variation === undefined ? '' : `“${variation.name === '' ? variation.key : variation.name}”`
}

/** A part of a sentence, in lower case, without a full stop. */
function reasonText(experiment: RegisteredExperiment, reason: Reason): string {
  switch (reason.fact) {
    case 'no metric':
      return 'no metric can be judged from intervals alone'
    case 'leaked':
      return `${amount(reason.units)} units are in an arm that nobody should be in`
    case 'sample ratio':
      return `units do not fall on the arms as the weights say, a share is off by ${percent(reason.shareError)}`
    case 'better':
    case 'worse':
      return `${metricName(experiment, reason.metric)} is ${change(reason.effect)} (${range(reason.interval)}), which is ${reason.fact}`
    case 'harmed':
      return `${metricName(experiment, reason.metric)} is ${change(reason.effect)} (${range(reason.interval)}), more harm than is allowed`
    case 'no harm':
      return `${metricName(experiment, reason.metric)} is not harmed (${range(reason.interval)})`
    case 'same':
      return `${metricName(experiment, reason.metric)} differs by less than ${percent(reason.delta)} (${range(reason.interval)})`
    case 'undecided':
      return `${metricName(experiment, reason.metric)} is undecided (${range(reason.interval)})${toJoin(reason.unitsToJoin)}`
    case 'closed gate':
      return `${metricName(experiment, reason.metric)} cannot be judged yet, ${reason.why}${needed(reason.unitsNeeded)}`
  }
}

const metricName = (experiment: RegisteredExperiment, id: string): string => {
  const name = metricsOf(experiment).find((metric) => metric.id === id)?.name ?? ''
  return name === '' ? id : `“${name}”`
}
const toJoin = (units: number | null): string =>
  units === null ? '' : `, about ${amount(units)} units have yet to join`
const needed = (units: number): string => (units === 0 ? '' : `; it can from about ${amount(units)} units in each arm`)

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const amount = (value: number): string => whole.format(value)
/** Digits by size: nobody reads a hundredth of a percent of 40 %. */
const percent = (value: number): string => `${Math.abs(value * 100).toFixed(Math.abs(value) < 0.1 ? 2 : 1)} %`
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${percent(value)}`
const change = (effect: number): string => `${percent(effect)} ${effect < 0 ? 'lower' : 'higher'}`
const range = ([lower, upper]: Interval): string => `${signed(lower)} to ${signed(upper)}`
const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`
