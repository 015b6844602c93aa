import type { Module } from '../../platform/module.ts'
import { audits, domains, migrations, outcomeAudits, settleOutcomes, startOutcomes } from './index.ts'

export const experiments: Module = {
  name: 'streams/experiments',
  after: ['streams/touched', 'streams/qoe', 'models/experiments'],
  migrations,
  domains,
  audits: async (store) => [...audits, ...(await outcomeAudits(store))],
  settle: ({ store }) => settleOutcomes(store),
  parts: [
    {
      roles: ['sink'],
      start(ctx) {
        const outcomes = startOutcomes(ctx)
        for (const { name } of domains) ctx.signals.on(`recomputed:${name}`, () => outcomes.wake())
        return Promise.resolve(outcomes)
      },
    },
  ],
}
