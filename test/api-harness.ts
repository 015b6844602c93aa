import { MODULES } from '../bin/composition.ts'
import { startParts } from '../bin/roles/parts.ts'
import type { Store } from '../platform/clickhouse/port.ts'
import type { RoleContext, RunningRole } from '../platform/role.ts'
import type { Service } from '../platform/services.ts'
import { SESSIONS_LAG } from '../streams/qoe/index.ts'
import { LIVE, type LiveService } from '../streams/qoe/live/index.ts'
import { SINK_REPORT } from '../streams/sink/index.ts'

type Offered<S> = S extends Service<infer T> ? T : never

/** For tests: the API over a store, with what the sink of the same process would offer. */
export interface TestApiOptions {
  readonly store: Store
  readonly sink?: Pick<Offered<typeof SINK_REPORT>, 'stats'> & {
    onLanded(listener: (topic: string) => void): () => unknown
  }
  readonly sessions?: { lag: Offered<typeof SESSIONS_LAG> }
}

export type TestApi = RunningRole & { readonly url: string; readonly live: LiveService }

export async function startTestApi(ctx: RoleContext, { store, sink, sessions }: TestApiOptions): Promise<TestApi> {
  const parts = await startParts(ctx, {
    modules: MODULES,
    roles: ['api'],
    store,
    prepare({ services, signals }) {
      if (sessions !== undefined) services.provide(SESSIONS_LAG, () => sessions.lag())
      if (sink === undefined) return
      services.provide(SINK_REPORT, { stats: () => sink.stats(), onLanded: () => () => undefined })
      const landed = signals.source('landed:playback.telemetry')
      sink.onLanded((topic) => void (topic === 'playback.telemetry' && landed()))
    },
  })
  return {
    url: parts.info['url'] ?? '',
    done: parts.done,
    stop: () => parts.stop(),
    live: parts.services.get(LIVE),
  }
}
