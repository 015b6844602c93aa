import { startJobs } from '../../platform/jobs/index.ts'
import type { Module, PartContext } from '../../platform/module.ts'
import { unpredictable } from '../../platform/random.ts'
import { openReach } from '../../platform/reach.ts'
import { deliveryJob } from './delivery.ts'
import { serveWebhooks } from './routes.ts'
import { openWebhooks } from './service.ts'
import { WEBHOOKS } from './settings.ts'
import { migrations } from './stored.ts'

const depsOf = ({ store, clock, logger, config }: PartContext) => ({
  store,
  clock,
  logger,
  random: unpredictable(),
  reach: openReach(config.of(WEBHOOKS).networks),
})

/** Tells receivers what happens to experiments. */
export const webhooks: Module = {
  name: 'api/webhooks',
  after: ['models/experiments'],
  settings: [WEBHOOKS],
  migrations,
  parts: [
    {
      roles: ['api'],
      start: (ctx) => Promise.resolve(startJobs({ ...ctx, jobs: [deliveryJob(depsOf(ctx))], budget: 1 })),
    },
  ],
  routes: (app, ctx) => serveWebhooks(app, openWebhooks(depsOf(ctx))),
}
