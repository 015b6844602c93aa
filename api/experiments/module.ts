import type { Module } from '../../platform/module.ts'
import { counted } from '../../streams/experiments/index.ts'
import { LIVE } from '../../streams/qoe/live/index.ts'
import { openBases } from './basis.ts'
import { openDecisions } from './decisions.ts'
import { createLiveScorecards } from './live.ts'
import { openOutlook } from './outlook.ts'
import { openResults } from './results.ts'
import { serveExperiments } from './routes.ts'
import { openExperiments } from './service.ts'

export const experimentsApi: Module = {
  name: 'api/experiments',
  routes(app, { store, services, clock, logger }) {
    const live = services.get(LIVE)
    const experiments = openExperiments({ store, clock, watermark: (name) => live.watermark(name) })
    const scorecards = createLiveScorecards({
      clock,
      logger,
      counted: async () => (await store.rows<{ place: number }>(counted))[0]?.place ?? 0,
    })
    const bases = openBases(store, experiments)
    serveExperiments(app, {
      experiments,
      results: openResults(store, bases, experiments),
      decisions: openDecisions({ store, clock, bases, experiments }),
      live: scorecards,
      outlook: openOutlook(store, experiments),
    })
    app.addHook('preClose', () => scorecards.stop())
  },
}
