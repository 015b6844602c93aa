import { inWords, type Decision, type ScoreCell } from '../../models/experiments/index.ts'
import { DAY_MS } from '../../platform/time.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import type { OverviewRow } from './answers.ts'

/**
 * What is known of an experiment's results; undefined for a draft, an archived one, a clock without events, or while it
 * is computed for the first time.
 */
export interface Judged {
  readonly watermark: number
  readonly cells: readonly ScoreCell[]
  readonly units: number
  readonly healthy: boolean
  readonly decision: Decision
}

/** A row of the list of experiments. */
export function overviewRow(experiment: RegisteredExperiment, judged: Judged | undefined): OverviewRow {
  const { id, name, state, killed, clock, unit, owner = '', tags = [], variations, startedAt, stoppedAt } = experiment
  const until = stoppedAt ?? judged?.watermark
  const decision = judged?.decision ?? (state === 'draft' ? NOT_STARTED : undefined)
  return {
    ...{ id, name, state, killed, clock, unit, owner, tags: [...tags], startedAt, stoppedAt },
    variations: variations.map((each) => each.name),
    days: startedAt === null || until === undefined ? null : Math.max(0, until - startedAt) / DAY_MS,
    units: judged?.units ?? 0,
    primary: judged === undefined ? null : primaryOf(experiment, judged),
    healthy: judged?.healthy ?? null,
    verdict: decision?.verdict ?? null,
    headline: decision === undefined ? '' : inWords(experiment, decision).headline,
  }
}

const NOT_STARTED: Decision = { verdict: 'not started', variation: null, reasons: [], arms: [] }

function primaryOf({ metrics }: RegisteredExperiment, { cells, decision }: Judged): OverviewRow['primary'] {
  const cell = cells.find(
    ({ family, variation }) => family === 'primary' && variation === (decision.variation ?? variation),
  )
  const definition = metrics.primary.find(({ id }) => id === cell?.metric)
  if (cell === undefined || definition === undefined) return null
  return { metric: cell.metric, name: definition.name, better: definition.better, relative: cell.relative }
}
