import type { Module } from '../../platform/module.ts'
import { audits, domains, migrations, outcomeAudits, outcomeJob, settleOutcomes } from './index.ts'

export const experiments: Module = {
  name: 'streams/experiments',
  after: ['streams/touched', 'streams/qoe', 'models/experiments'],
  migrations,
  domains,
  audits: async (store) => [...audits, ...(await outcomeAudits(store))],
  settle: ({ store }) => settleOutcomes(store),
  jobs: (ctx) => [outcomeJob(ctx)],
}
