import {
  decisionsOn,
  nextMove,
  rolloutOf,
  standingOfRollout,
  storeRolloutEvent,
  type RolloutEvent,
  type RolloutMove,
  type RolloutStanding,
} from '../../models/experiments/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { errorCode, errorMessage } from '../../platform/errors.ts'
import type { Job } from '../../platform/jobs/index.ts'
import type { Logger } from '../../platform/logger.ts'
import type { RegisteredExperiment, Rollout } from '../../schemas/experiments/experiment.ts'
import { fail } from '../errors.ts'
import type { Decisions } from './decisions.ts'
import { refuse } from './faulty.ts'
import type { DecisionRecords } from './records.ts'
import type { ExperimentService, Who } from './service.ts'

/** Where the rollout of an experiment stands. */
export interface RolloutAnswer extends Omit<RolloutStanding, 'last'> {
  readonly experiment: string
  readonly rollout: Rollout | null
  /** What will be done, when and why; '' = nothing is announced. */
  readonly headline: string
  readonly events: readonly RolloutEvent[]
}

export interface Rollouts {
  one(id: string): Promise<RolloutAnswer>
  /** Undoes what is announced, or else what was done last. */
  undo(id: string, by: string, who?: Who): Promise<RolloutAnswer>
  /** Makes the next moves of all experiments; returns their number. */
  step(): Promise<number>
}

export interface RolloutDeps {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly experiments: Pick<ExperimentService, 'one' | 'list' | 'revisions' | 'act' | 'authorise'>
  readonly decisions: Pick<Decisions, 'judged'>
  readonly records: Pick<DecisionRecords, 'decide'>
}

/** Author of what the rollout does. */
export const AUTHOR = 'guarded rollout'
const SAYS = { kill: 'roll back', pause: 'pause', ramp: 'ramp' } as const

export function openRollouts(deps: RolloutDeps): Rollouts {
  const { store, clock, logger, experiments, decisions, records } = deps
  type Made = RolloutEvent extends infer E
    ? E extends RolloutEvent
      ? Omit<E, 'experiment' | 'number' | 'at'>
      : never
    : never
  /** False if another process made the same move first. */
  const note = (id: string, { last }: RolloutStanding, event: Made): Promise<boolean> =>
    storeRolloutEvent(store, { ...event, experiment: id, number: last + 1, at: clock.now() })
  const standing = async (id: string): Promise<RolloutStanding> => standingOfRollout(await rolloutOf(store, id))
  const answer = async (id: string): Promise<RolloutAnswer> => {
    const [experiment, events] = [await experiments.one(id), await rolloutOf(store, id)]
    const { last: _, ...now } = standingOfRollout(events)
    return { experiment: id, rollout: experiment.rollout ?? null, ...now, headline: headlineOf(now), events }
  }

  /** A step whose decision stands was taken by a process that was killed before it could say so. */
  const taken = async (id: string, { pending }: RolloutStanding): Promise<number | undefined> => {
    const record = (await decisionsOn(store, id)).at(-1)?.record
    if (pending === null || record?.automatic !== true || record.at < pending.at) return undefined
    const { revisions } = await experiments.revisions(id)
    return revisions.some(({ decision }) => decision === record.number) ? record.number : undefined
  }
  const move = async (experiment: RegisteredExperiment): Promise<boolean> => {
    const { id, rollout } = experiment
    const now = await standing(id)
    const decision = await taken(id, now)
    if (decision !== undefined) return note(id, now, { kind: 'done', decision })
    if (rollout === undefined && now.pending === null) return false
    const next = nextMove(await viewOf(experiment), now, clock.now())
    return next === undefined ? false : made(experiment, now, next)
  }
  const viewOf = async (experiment: RegisteredExperiment) => {
    const { revisions } = await experiments.revisions(experiment.id)
    const acts = experiment.state === 'running' && !experiment.killed
    const { cells, healthy } = acts ? await decisions.judged(experiment) : { cells: [], healthy: true }
    return {
      experiment,
      rollout: experiment.rollout ?? NOTHING,
      since: revisions.findLast(({ action }) => action === 'guard')?.revision ?? 0,
      coverageAt: coverageAt(revisions),
      cells,
      health: { alert: !healthy },
    }
  }
  const made = async (experiment: RegisteredExperiment, now: RolloutStanding, next: RolloutMove): Promise<boolean> => {
    const { id, revision } = experiment
    logger.warn(
      { experiment: id, move: next.kind, ...('step' in next && { step: next.step.action }) },
      'a rollout moves',
    )
    if (next.kind === 'announce') return note(id, now, { kind: 'announced', step: next.step, due: next.due })
    if (next.kind === 'withdraw') return note(id, now, { kind: 'withdrawn', because: next.because })
    const { action, coverage, because } = next.step
    const { record } = await records.decide(id, {
      by: AUTHOR,
      choice: action === 'kill' ? 'roll back' : 'keep running',
      note: because,
      revision,
      operation: { action, ...(coverage !== undefined && { coverage }) },
      automatic: true,
    })
    return note(id, await standing(id), { kind: 'done', decision: record.number })
  }

  return {
    one: answer,
    async undo(id, by, who) {
      await experiments.authorise(id, 'undo', who)
      const now = await standing(id)
      const step = (now.pending ?? now.taken)?.step
      if (step === undefined) throw fail('API_ROLLOUT_NOTHING', { id })
      if (now.pending === null) {
        if (step.action === 'ramp')
          refuse([{ at: 'action', problem: 'was a ramp, and coverage never falls: pause or stop the experiment' }])
        await experiments.act(id, step.action === 'kill' ? 'unkill' : 'resume', { by }, { who })
      }
      // Afterwards: killed in between, it is announced once more, with all of its notice.
      await note(id, now, { kind: 'undone', by })
      return answer(id)
    },
    async step() {
      let moves = 0
      const all = (await experiments.list({})).experiments.filter(({ rollout }) => rollout !== undefined)
      for (const experiment of all)
        try {
          moves += Number(await move(experiment))
        } catch (error) {
          logger.warn(
            { experiment: experiment.id, code: errorCode(error), error: errorMessage(error) },
            'a rollout did not move, trying again',
          )
        }
      return moves
    },
  }
}

const NOTHING: Rollout = { rollback: null, ramp: [], noticeMs: 0 }

/** When the present coverage began, or exposing began again, wall clock, ms. */
const coverageAt = (revisions: readonly RegisteredExperiment[]): number =>
  revisions.findLast(({ action }) => ['start', 'ramp', 'resume', 'unkill'].includes(action))?.at ?? 0

const headlineOf = ({ pending }: Pick<RolloutStanding, 'pending'>): string =>
  pending === null
    ? ''
    : `Will ${SAYS[pending.step.action]}${pending.step.coverage === undefined ? '' : ` to ${pending.step.coverage}`} at ${new Date(pending.due).toISOString()} because ${pending.step.because}.`

/** Looks this often, ms: far below any notice that a person could use. */
const LOOK_MS = 5_000

export const rolloutJob = (rollouts: Pick<Rollouts, 'step'>): Job => ({
  name: 'experiments.rollouts',
  idleMs: LOOK_MS,
  share: 0.25,
  // What was announced is due later, so another step at once would find nothing.
  step: async () => ({ work: await rollouts.step(), more: false }),
})
