/**
 * A guarded rollout: harm to a guardrail rolls an experiment back, and a plan of coverage goes on while there is none.
 * Each step is announced before it is taken, and can be undone. Pure: events in, the next event or step out.
 */
import type { RegisteredExperiment, Rollout } from '../../../schemas/experiments/experiment.ts'
import type { ScoreCell, SampleRatio } from '../scorecard/index.ts'
import { guardrail } from '../statistics/index.ts'

/** What would be done. `key` names the reason: what was undone is not announced again for the same one. */
export interface RolloutStep {
  readonly action: 'kill' | 'pause' | 'ramp'
  readonly coverage?: number
  readonly key: string
  /** In words: why. */
  readonly because: string
}

/** What happened in a rollout; numbered from 1 by experiment, each number once. Times are wall clock, ms. */
export type RolloutEvent = Numbered &
  (
    | { readonly kind: 'announced'; readonly step: RolloutStep; readonly due: number }
    | { readonly kind: 'withdrawn'; readonly because: string }
    | { readonly kind: 'undone'; readonly by: string }
    | { readonly kind: 'done'; readonly decision: number }
  )
interface Numbered {
  readonly experiment: string
  readonly number: number
  readonly at: number
}

/** Where a rollout stands, as a function of the set of its events. */
export interface RolloutStanding {
  /** Number of the last event; 0 = none. */
  readonly last: number
  /** Announced, and neither done, undone nor withdrawn. */
  readonly pending: { readonly step: RolloutStep; readonly at: number; readonly due: number } | null
  /** The last step that was taken and can still be undone. */
  readonly taken: { readonly step: RolloutStep; readonly at: number; readonly decision: number } | null
  /** Reasons of steps that somebody undid. */
  readonly dismissed: readonly string[]
}

const NOTHING: RolloutStanding = { last: 0, pending: null, taken: null, dismissed: [] }

/** Order and copies of events change nothing. */
export const standingOfRollout = (events: readonly RolloutEvent[]): RolloutStanding =>
  [...new Map(events.map((event) => [event.number, event])).values()]
    .sort((a, b) => a.number - b.number)
    .reduce(applied, NOTHING)

function applied(standing: RolloutStanding, event: RolloutEvent): RolloutStanding {
  const { pending, taken, dismissed } = standing
  const next = { ...standing, last: event.number }
  switch (event.kind) {
    case 'announced':
      return { ...next, pending: { step: event.step, at: event.at, due: event.due } }
    case 'withdrawn':
      return { ...next, pending: null }
    case 'done':
      return pending === null
        ? next
        : { ...next, pending: null, taken: { step: pending.step, at: event.at, decision: event.decision } }
    case 'undone': {
      const step = (pending ?? taken)?.step
      return step === undefined
        ? next
        : { ...next, pending: null, taken: pending === null ? null : taken, dismissed: [...dismissed, step.key] }
    }
  }
}

/** What is seen of an experiment. */
export interface RolloutView {
  readonly experiment: RegisteredExperiment
  readonly rollout: Rollout
  /** Revision that set the rollout: set anew, it forgets what was undone. */
  readonly since: number
  /** When the present coverage began, wall clock, ms. */
  readonly coverageAt: number
  readonly cells: readonly ScoreCell[]
  readonly health: Pick<SampleRatio, 'alert'>
}

/** What to do next; undefined = nothing yet. */
export type RolloutMove =
  | { readonly kind: 'announce'; readonly step: RolloutStep; readonly due: number }
  | { readonly kind: 'withdraw'; readonly because: string }
  | { readonly kind: 'take'; readonly step: RolloutStep }

/**
 * The next move. A step is taken only once its announcement is due and its reason still holds; while another reason is
 * stronger, the announcement is withdrawn first.
 */
export function nextMove(
  view: RolloutView,
  { pending, dismissed }: RolloutStanding,
  now: number,
): RolloutMove | undefined {
  const wanted = stepOf(view, now)
  const isWanted = wanted !== undefined && !dismissed.includes(wanted.step.key)
  if (pending !== null) {
    if (!isWanted || wanted.step.key !== pending.step.key)
      return { kind: 'withdraw', because: isWanted ? wanted.step.because : 'its reason does not hold any more' }
    return now >= pending.due ? { kind: 'take', step: pending.step } : undefined
  }
  return isWanted ? { kind: 'announce', ...wanted } : undefined
}

type Wanted = Pick<Extract<RolloutMove, { kind: 'announce' }>, 'step' | 'due'>

/** Broken shares before harm, since nothing can be said of harm then; harm before the next coverage. */
function stepOf(view: RolloutView, now: number): Wanted | undefined {
  const { experiment, rollout, since, health } = view
  if (experiment.state !== 'running' || experiment.killed) return undefined
  const due = now + rollout.noticeMs
  if (health.alert)
    return rollout.rollback === null
      ? undefined
      : { due, step: { action: 'pause', key: `pause/${since}`, because: BROKEN } }
  const harmed = harmedBy(view)
  if (harmed.length === 0) return nextCoverage(view, now)
  if (rollout.rollback === null) return undefined
  return { due, step: { action: 'kill', key: `kill/${since}`, because: inWordsOfHarm(view, harmed) } }
}

const BROKEN =
  'units do not fall on the arms as the weights say, so harm cannot be told from a broken assignment: pause, do not roll back'

/** Guardrails whose whole interval lies beyond the margin, once their gate is open. */
const harmedBy = ({ cells, experiment, rollout }: RolloutView): readonly ScoreCell[] =>
  cells.filter((cell) => {
    const definition = experiment.metrics.guardrail.find(({ id }) => id === cell.metric)
    const margin = rollout.rollback?.margin ?? definition?.margin
    return (
      cell.family === 'guardrail' &&
      cell.slice === null &&
      cell.gate.open &&
      cell.relative !== null &&
      definition !== undefined &&
      margin !== undefined &&
      guardrail(cell.relative.interval, margin, definition.better) === 'inferior'
    )
  })

function inWordsOfHarm({ experiment }: RolloutView, cells: readonly ScoreCell[]): string {
  const percent = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(2)} %`
  return cells
    .map(({ metric, variation, relative }) => {
      const name = experiment.metrics.guardrail.find(({ id }) => id === metric)?.name || metric
      const [low, high] = relative!.interval
      return `“${name}” of “${experiment.variations[variation]?.name ?? variation}” is harmed (${percent(low)} to ${percent(high)})`
    })
    .join('; ')
}

/** The plan's next coverage, announced so that it is due when the present one has been held for its time. */
function nextCoverage({ experiment, rollout, since, coverageAt }: RolloutView, now: number): Wanted | undefined {
  const { coverage } = experiment.bucketing
  const present = rollout.ramp.findLast((each) => each.coverage <= coverage)
  const next = rollout.ramp.find((each) => each.coverage > coverage)
  if (next === undefined) return undefined
  const until = coverageAt + (present?.holdMs ?? 0)
  if (now < until - rollout.noticeMs) return undefined
  return {
    due: Math.max(until, now + rollout.noticeMs),
    step: {
      action: 'ramp',
      coverage: next.coverage,
      key: `ramp/${since}/${next.coverage}`,
      because: `coverage ${coverage} was held as planned, and no guardrail is harmed`,
    },
  }
}
