import { startJobs } from '../../platform/jobs/index.ts'
import type { Module, PartContext, RunningPart } from '../../platform/module.ts'
import { unpredictable } from '../../platform/random.ts'
import { service } from '../../platform/services.ts'
import { counted } from '../../streams/experiments/index.ts'
import { LIVE } from '../../streams/qoe/live/index.ts'
import { openBases } from './basis.ts'
import { openDecisions } from './decisions.ts'
import { createLiveScorecards } from './live.ts'
import { openOutlook } from './outlook.ts'
import { openRecords } from './records.ts'
import { openResults } from './results.ts'
import { openRollouts, rolloutJob } from './rollouts.ts'
import { serveExperiments } from './routes.ts'
import { openExperiments } from './service.ts'

export const experimentsApi: Module = {
  name: 'api/experiments',
  after: ['streams/qoe', 'streams/experiments'],
  parts: [{ roles: ['api'], start: (ctx) => Promise.resolve(startRollouts(ctx)) }],
  routes(app, ctx) {
    const { store, clock, logger } = ctx
    const scorecards = createLiveScorecards({
      clock,
      logger,
      counted: async () => (await store.rows<{ place: number }>(counted))[0]?.place ?? 0,
    })
    serveExperiments(app, { ...(ctx.services.find(OPENED) ?? open(ctx)), live: scorecards })
    app.addHook('preClose', () => scorecards.stop())
  },
}

/** Routes and the job of rollouts share one queue of decisions; routes that are only described have no job. */
const OPENED = service<ReturnType<typeof open>>('experiments')

function open({ store, services, clock, logger }: PartContext) {
  const live = services.get(LIVE)
  const experiments = openExperiments({ store, clock, watermark: (name) => live.watermark(name) })
  const bases = openBases(store, experiments)
  const decisions = openDecisions({ store, clock, bases, experiments })
  const records = openRecords({ store, clock, random: unpredictable(), bases, experiments })
  return {
    experiments,
    results: openResults(store, bases, experiments),
    decisions,
    records,
    outlook: openOutlook(store, experiments),
    rollouts: openRollouts({ store, clock, logger, experiments, decisions, records }),
  }
}

/** Several processes may run it: each move is made once, by its number. */
function startRollouts(ctx: PartContext): RunningPart {
  const opened = open(ctx)
  ctx.services.provide(OPENED, opened)
  const { clock, logger, metrics } = ctx
  return startJobs({ jobs: [rolloutJob(opened.rollouts)], clock, logger, metrics, budget: 1 })
}
