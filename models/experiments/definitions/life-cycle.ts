import type {
  ExperimentState,
  Phase,
  RegisteredExperiment,
  Rollout,
  SliceShares,
} from '../../../schemas/experiments/experiment.ts'
import type { DefinitionFault } from './check-metric.ts'

/** A requested action on an experiment. */
export type Order =
  | { readonly action: 'start'; readonly caps: Readonly<Record<string, number>>; readonly sliceShares?: SliceShares }
  | { readonly action: 'ramp'; readonly coverage: number }
  | { readonly action: 'guard'; readonly rollout: Rollout | null }
  | ({ readonly action: 'reweigh'; readonly weights: readonly number[] } & Rebucket)
  | { readonly action: 'pause' | 'resume' | 'stop' | 'archive' | 'kill' | 'unkill' }

export type Action = Order['action']

/**
 * For sticky buckets: a greater version assigns all units again; units with a version below the minimum are excluded.
 */
type Rebucket = Readonly<Partial<Record<'bucketVersion' | 'minBucketVersion', number | undefined>>>

export interface Moment {
  readonly by: string
  /** Wall clock, ms. */
  readonly at: number
  /** The experiment's own clock, ms. */
  readonly now: number
}

/** From which states an action is allowed, and the state after it; null means that the state does not change. */
const MOVES: Readonly<
  Record<Action, { readonly from: readonly ExperimentState[]; readonly to: ExperimentState | null }>
> = {
  start: { from: ['draft'], to: 'running' },
  ramp: { from: ['draft', 'running', 'paused'], to: null },
  guard: { from: ['draft', 'running', 'paused'], to: null },
  reweigh: { from: ['running', 'paused'], to: null },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  stop: { from: ['running', 'paused'], to: 'stopped' },
  archive: { from: ['draft', 'stopped'], to: 'archived' },
  kill: { from: ['running', 'paused', 'stopped'], to: null },
  unkill: { from: ['running', 'paused', 'stopped'], to: null },
}

/**
 * The next revision, or the reason why there is none. What was fixed at the start (metrics, N*, alpha, caps, shares of
 * slices) never changes.
 */
export function act(
  experiment: RegisteredExperiment,
  order: Order,
  { by, at, now }: Moment,
): RegisteredExperiment | readonly DefinitionFault[] {
  const { from, to } = MOVES[order.action]
  if (!from.includes(experiment.state))
    return [
      {
        at: 'action',
        problem: `${order.action} is for experiments that are ${from.join(' or ')}, and this one is ${experiment.state}`,
      },
    ]
  const changed = changedBy(experiment, order, now)
  if (Array.isArray(changed)) return changed as readonly DefinitionFault[]
  const { decision: _, ...kept } = experiment
  return {
    ...kept,
    ...(changed as Partial<RegisteredExperiment>),
    state: to ?? experiment.state,
    revision: experiment.revision + 1,
    action: order.action,
    by,
    at,
  }
}

function changedBy(
  experiment: RegisteredExperiment,
  order: Order,
  now: number,
): Partial<RegisteredExperiment> | readonly DefinitionFault[] {
  switch (order.action) {
    case 'start':
      return {
        startedAt: now,
        caps: order.caps,
        ...(order.sliceShares && { sliceShares: order.sliceShares }),
        phases: [{ phase: 0, from: now, weights: experiment.variations.map(({ weight }) => weight) }],
      }
    case 'ramp':
      return ramped(experiment, order.coverage)
    case 'reweigh':
      return reweighed(experiment, order, now)
    case 'guard':
      return guarded(experiment, order.rollout)
    case 'stop':
      return { stoppedAt: now }
    case 'kill':
      return { killed: true }
    case 'unkill':
      return { killed: false }
    case 'pause':
    case 'resume':
    case 'archive':
      return {}
  }
}

/**
 * A ramp changes only coverage: the arms' shares among participants stay, and no unit changes its arm. Lower coverage
 * would remove units.
 */
function ramped(
  experiment: RegisteredExperiment,
  coverage: number,
): Partial<RegisteredExperiment> | readonly DefinitionFault[] {
  const { bucketing, state } = experiment
  if (!(coverage > 0 && coverage <= 1)) return [{ at: 'coverage', problem: 'must be over 0 and at most 1' }]
  if (state !== 'draft' && coverage < bucketing.coverage)
    return [
      {
        at: 'coverage',
        problem: `must not fall below ${bucketing.coverage}: units would leave an experiment that has counted them; pause or stop it`,
      },
    ]
  return { bucketing: { ...bucketing, coverage } }
}

/** New weights start a new phase; earlier data are compared within their own phase. */
function reweighed(
  { variations, phases, bucketing }: RegisteredExperiment,
  { weights, ...versions }: Rebucket & { readonly weights: readonly number[] },
  now: number,
): Partial<RegisteredExperiment> | readonly DefinitionFault[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  if (
    weights.length !== variations.length ||
    weights.some((weight) => !(weight >= 0 && weight <= 1)) ||
    Math.abs(sum - 1) > 1e-6 ||
    !(weights[0]! > 0)
  )
    return [{ at: 'weights', problem: `must be ${variations.length} shares that add up to 1, the control's over 0` }]
  const { bucketVersion = bucketing.bucketVersion ?? 0, minBucketVersion = bucketing.minBucketVersion ?? 0 } = versions
  if (bucketVersion < (bucketing.bucketVersion ?? 0))
    return [{ at: 'bucketVersion', problem: `must not fall below ${bucketing.bucketVersion}` }]
  if (minBucketVersion > bucketVersion)
    return [{ at: 'minBucketVersion', problem: `must not be over bucketVersion, ${bucketVersion}` }]
  const next: Phase = { phase: (phases.at(-1)?.phase ?? -1) + 1, from: now, weights: [...weights] }
  const isSticky = bucketVersion > 0 || minBucketVersion > 0
  return {
    ...(isSticky && { bucketing: { ...bucketing, bucketVersion, minBucketVersion } }),
    variations: variations.map((variation, at) => ({ ...variation, weight: weights[at]! })),
    phases: [...phases, next],
  }
}

const MAX_NOTICE_MS = 7 * 86_400_000

/** Sets what is done without a person, or that nothing is. */
function guarded(
  { metrics }: RegisteredExperiment,
  rollout: Rollout | null,
): Partial<RegisteredExperiment> | readonly DefinitionFault[] {
  if (rollout === null) return { rollout: NOT_GUARDED }
  const { rollback, ramp, noticeMs } = rollout
  const faults: DefinitionFault[] = []
  const need = (ok: boolean, at: string, problem: string): void => void (ok || faults.push({ at, problem }))
  need(
    rollback === null || metrics.guardrail.some(({ kind }) => kind !== 'quantile'),
    'rollout.rollback',
    'needs a guardrail that is no quantile metric: nothing else says what harm is',
  )
  const margin = rollback?.margin ?? null
  need(margin === null || (margin > 0 && margin <= 1), 'rollout.rollback.margin', 'must be over 0 and at most 1')
  need(
    ramp.every(({ coverage }, at) => coverage > (ramp[at - 1]?.coverage ?? 0) && coverage <= 1),
    'rollout.ramp',
    'must be coverages that grow, at most 1',
  )
  need(
    ramp.every(({ holdMs }) => holdMs >= 0),
    'rollout.ramp',
    'must hold each coverage for 0 ms or longer',
  )
  need(noticeMs >= 0 && noticeMs <= MAX_NOTICE_MS, 'rollout.noticeMs', 'must be 0 to 7 days')
  return faults.length === 0 ? { rollout } : faults
}

const NOT_GUARDED: Rollout = { rollback: null, ramp: [], noticeMs: 0 }
