import type { Module } from '../../platform/module.ts'
import { LIVE } from '../../streams/qoe/live/index.ts'
import { serveHistory } from './routes.ts'
import { openHistory } from './service.ts'

export const history: Module = {
  name: 'api/history',
  routes(app, { store, services, clock }) {
    const live = services.get(LIVE)
    serveHistory(
      app,
      openHistory(store, (name) => live.watermark(name), clock),
    )
  },
}
