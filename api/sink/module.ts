import type { Module } from '../../platform/module.ts'
import { SESSIONS_LAG, SINK } from '../ports.ts'
import { serveSink } from './routes.ts'

export const module: Module = {
  name: 'api/sink',
  routes(app, { services, clock }) {
    const [sink, sessions] = [services.find(SINK), services.find(SESSIONS_LAG)]
    serveSink(app, { stats: sink && (() => sink.stats()), lag: () => sessions?.lag(), now: () => clock.now() })
  },
}
