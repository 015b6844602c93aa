import type { Module, PartContext } from '../../platform/module.ts'
import { migrations } from './ddl.ts'
import { touchedJobs } from './job.ts'
import { recomputeAll, settle } from './step.ts'

/** Recomputes the touched keys of every module's domains. */
export const touched: Module = {
  name: 'streams/touched',
  after: ['streams/sink'],
  migrations,
  async settle(ctx) {
    for (const domain of domainsOf(ctx)) await settle(ctx.store, domain)
  },
  async rebuild(ctx, topic) {
    for (const domain of domainsOf(ctx)) if (domain.topic === topic) await recomputeAll(ctx.store, domain)
  },
  jobs: (ctx) => touchedJobs(ctx, domainsOf(ctx)),
}

const domainsOf = ({ modules }: Pick<PartContext, 'modules'>) => modules.flatMap(({ domains }) => domains ?? [])
