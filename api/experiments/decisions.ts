import {
  decisionOf,
  inWords,
  sampleRatio,
  scorecardOf,
  type ArmCount,
  type ArmVerdict,
  type Decision,
} from '../../models/experiments/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { arms } from '../../streams/experiments/index.ts'
import type { Decided, OverviewRow } from './answers.ts'
import type { Bases, Basis } from './basis.ts'
import { overviewRow, type Judged } from './overview.ts'
import type { OverviewQuestion } from './schema.ts'
import type { ExperimentService } from './service.ts'

export interface Decisions {
  decision(id: string, asOf?: number): Promise<Basis & { decision: Decided }>
  /** What the results of an experiment say now. */
  judged(experiment: RegisteredExperiment): Promise<Judged>
  overview(question: OverviewQuestion): Promise<{ experiments: OverviewRow[]; total: number }>
}

/** What the list knows of an experiment, and whether it is being computed again. */
interface Kept {
  readonly at: number
  readonly judged?: Judged | undefined
  readonly making?: Promise<unknown>
}

export interface DecisionDeps {
  readonly store: Store
  readonly clock: Clock
  readonly bases: Bases
  readonly experiments: Pick<ExperimentService, 'list' | 'now'>
}

/** A row of the overview is computed again after this time at the earliest, ms. */
const KEPT_MS = 5_000
/** How long a list waits for rows that were never computed, ms. */
const WAIT_MS = 1_000
/** Running ones first, then by their start, the latest first. */
const ORDER = ['running', 'paused', 'draft', 'stopped', 'archived']

/** Verdicts on one experiment, and on all of them. */
export function openDecisions({ store, clock, bases, experiments }: DecisionDeps): Decisions {
  const kept = new Map<string, Kept>()
  /** One after the other: a list of fifty must not take all of the store. */
  let queue: Promise<unknown> = Promise.resolve()

  const judge = async (experiment: RegisteredExperiment, watermark: number): Promise<Judged> => {
    const { primary, guardrail } = experiment.metrics
    const metrics = [...primary, ...guardrail].filter(({ kind }) => kind !== 'quantile')
    const [rows, counts] = await Promise.all([
      bases.sums({ experiment, metrics, now: watermark }),
      store.rows<ArmCount>(arms({ clock: experiment.clock, experiment: experiment.id, unit: experiment.unit })),
    ])
    const health = sampleRatio(experiment, counts)
    const decided = { ...experiment, metrics: { primary, guardrail, secondary: [] } }
    const { cells } = scorecardOf(decided, [{ slice: null, rows }], watermark)
    return {
      watermark,
      cells,
      units: counts.reduce((sum, { units }) => sum + units, 0),
      healthy: !health.alert,
      decision: decisionOf(experiment, { cells, health }, watermark),
    }
  }
  /** Computes a row behind the answer; a failure is tried again by the next list. */
  const refresh = (experiment: RegisteredExperiment): Promise<unknown> => {
    const { id } = experiment
    const known = kept.get(id)
    if (known?.making !== undefined) return known.making
    if (known?.judged !== undefined && clock.now() - known.at < KEPT_MS) return Promise.resolve()
    const making = queue
      .then(async () => judge(experiment, await experiments.now(experiment.clock)))
      .then(
        (judged) => kept.set(id, { at: clock.now(), judged }),
        () => kept.set(id, { at: 0, judged: known?.judged }),
      )
    kept.set(id, { at: 0, judged: known?.judged, making })
    queue = making
    return making
  }

  return {
    async decision(id, asOf) {
      const { experiment, basis } = await bases.open(id, asOf)
      return { ...basis, decision: spoken(experiment, (await judge(experiment, basis.watermark)).decision) }
    },
    judged: async (experiment) => judge(experiment, await experiments.now(experiment.clock)),
    async overview({ limit, offset, search = '', ...filter }) {
      const found = (await experiments.list(filter)).experiments
        .filter((each) => mentions(each, search.toLowerCase()))
        .toSorted(
          (a, b) =>
            ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
            (b.startedAt ?? 0) - (a.startedAt ?? 0) ||
            (a.id < b.id ? -1 : 1),
        )
      const shown = found.slice(offset, offset + limit)
      const made = shown.filter(isJudged).map(refresh)
      const isNew = shown.some((each) => isJudged(each) && kept.get(each.id)?.judged === undefined)
      if (isNew) await Promise.race([Promise.all(made), clock.sleep(WAIT_MS)])
      return { experiments: shown.map((each) => overviewRow(each, kept.get(each.id)?.judged)), total: found.length }
    },
  }
}

const isJudged = ({ startedAt, state }: RegisteredExperiment): boolean => startedAt !== null && state !== 'archived'

const mentions = ({ id, name, owner = '', tags = [] }: RegisteredExperiment, search: string): boolean =>
  [id, name, owner, ...tags].some((text) => text.toLowerCase().includes(search))

function spoken(experiment: RegisteredExperiment, { arms: each, ...decision }: Decision): Decided {
  const say = ({ verdict, variation, reasons }: Omit<Decision, 'arms'> | ArmVerdict) => {
    const words = inWords(experiment, { verdict, variation, reasons })
    return { verdict, variation, headline: words.headline, reasons: [...words.reasons] }
  }
  return { ...say(decision), facts: decision.reasons.map((reason) => ({ ...reason })), arms: each.map(say) }
}
