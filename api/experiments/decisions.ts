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
  overview(question: OverviewQuestion): Promise<{ experiments: OverviewRow[]; total: number }>
}

export interface DecisionDeps {
  readonly store: Store
  readonly clock: Clock
  readonly bases: Bases
  readonly experiments: Pick<ExperimentService, 'list' | 'now'>
}

/** A row of the overview is computed again after this time at the earliest, ms. */
const KEPT_MS = 5_000
/** Running ones first, then by their start, the latest first. */
const ORDER = ['running', 'paused', 'draft', 'stopped', 'archived']

/** Verdicts on one experiment, and on all of them. */
export function openDecisions({ store, clock, bases, experiments }: DecisionDeps): Decisions {
  const kept = new Map<string, { readonly at: number; readonly revision: number; readonly judged: Promise<Judged> }>()

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
  const row = async (experiment: RegisteredExperiment): Promise<OverviewRow> => {
    if (experiment.startedAt === null || experiment.state === 'archived') return overviewRow(experiment, undefined)
    const watermark = await experiments.now(experiment.clock).catch(() => undefined)
    if (watermark === undefined) return overviewRow(experiment, undefined)
    const { id, revision } = experiment
    const known = kept.get(id)
    if (known?.revision === revision && clock.now() - known.at < KEPT_MS)
      return overviewRow(experiment, await known.judged)
    const judged = judge(experiment, watermark)
    kept.set(id, { at: clock.now(), revision, judged })
    judged.catch(() => kept.delete(id))
    return overviewRow(experiment, await judged)
  }

  return {
    async decision(id, asOf) {
      const { experiment, basis } = await bases.open(id, asOf)
      return { ...basis, decision: spoken(experiment, (await judge(experiment, basis.watermark)).decision) }
    },
    async overview({ limit, offset, search = '', ...filter }) {
      const found = (await experiments.list(filter)).experiments
        .filter((each) => mentions(each, search.toLowerCase()))
        .toSorted(
          (a, b) =>
            ORDER.indexOf(a.state) - ORDER.indexOf(b.state) ||
            (b.startedAt ?? 0) - (a.startedAt ?? 0) ||
            (a.id < b.id ? -1 : 1),
        )
      const rows: OverviewRow[] = []
      // One after the other: a list of fifty must not take all of the store.
      for (const experiment of found.slice(offset, offset + limit)) rows.push(await row(experiment))
      return { experiments: rows, total: found.length }
    },
  }
}

const mentions = ({ id, name, owner = '', tags = [] }: RegisteredExperiment, search: string): boolean =>
  [id, name, owner, ...tags].some((text) => text.toLowerCase().includes(search))

function spoken(experiment: RegisteredExperiment, { arms: each, ...decision }: Decision): Decided {
  const say = ({ verdict, variation, reasons }: Omit<Decision, 'arms'> | ArmVerdict) => {
    const words = inWords(experiment, { verdict, variation, reasons })
    return { verdict, variation, headline: words.headline, reasons: [...words.reasons] }
  }
  return { ...say(decision), facts: decision.reasons.map((reason) => ({ ...reason })), arms: each.map(say) }
}
