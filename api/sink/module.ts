import type { Module } from '../../platform/module.ts'
import { SESSIONS_LAG } from '../../streams/qoe/index.ts'
import { SINK_REPORT } from '../../streams/sink/index.ts'
import { serveSink } from './routes.ts'

export const sinkApi: Module = {
  name: 'api/sink',
  routes(app, { services, clock }) {
    const [sink, sessions] = [services.find(SINK_REPORT), services.find(SESSIONS_LAG)]
    serveSink(app, { stats: sink && (() => sink.stats()), lag: () => sessions?.(), now: () => clock.now() })
  },
}
