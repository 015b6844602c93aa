import type { Module, PartContext, RunningPart } from '../../platform/module.ts'
import { TOPIC_NAMES } from '../../schemas/topics.ts'
import { migrations } from './ddl.ts'
import { startTouched } from './job.ts'
import { ID_REUSES } from './reuses.ts'
import { settle } from './step.ts'

/** Recomputes the touched keys of every module's domains. */
export const touched: Module = {
  name: 'streams/touched',
  after: ['streams/sink'],
  migrations,
  async settle({ store, modules }) {
    for (const domain of domainsOf({ modules })) await settle(store, domain)
  },
  parts: [{ roles: ['sink'], start: (ctx) => Promise.resolve(startPart(ctx)) }],
}

const domainsOf = ({ modules }: Pick<PartContext, 'modules'>) => modules.flatMap(({ domains }) => domains ?? [])

function startPart(ctx: PartContext): RunningPart {
  const { services, signals } = ctx
  const onIdReuse = services.find(ID_REUSES)
  const recomputed = new Map(domainsOf(ctx).map(({ name }) => [name, signals.source(`recomputed:${name}`)]))
  const running = startTouched(
    {
      ...ctx,
      onRecomputed: ({ name }) => recomputed.get(name)!(),
      ...(onIdReuse === undefined ? {} : { onIdReuse }),
    },
    domainsOf(ctx),
  )
  for (const topic of TOPIC_NAMES) signals.on(`landed:${topic}`, () => running.wake(topic))
  return running
}
