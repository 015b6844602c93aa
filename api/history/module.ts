import type { Module } from '../../platform/module.ts'
import { LIVE } from '../ports.ts'
import { serveHistory } from './routes.ts'
import { openHistory } from './service.ts'

export const module: Module = {
  name: 'api/history',
  routes(app, { store, services, clock }) {
    const live = services.get(LIVE)
    serveHistory(
      app,
      openHistory(store, (name) => live.watermark(name), clock),
    )
  },
}
