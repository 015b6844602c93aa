import type { Module } from '../../platform/module.ts'
import { LIVE } from '../../streams/qoe/live/index.ts'
import { serveIncidents } from './incidents/routes.ts'
import { openIncidents } from './incidents/service.ts'
import { serveLive } from './routes.ts'

export const qoeApi: Module = {
  name: 'api/qoe',
  routes(app, { store, services, clock }) {
    const live = services.get(LIVE)
    serveLive(app, live)
    serveIncidents(app, openIncidents({ store, clock, watermark: (name) => live.watermark(name) }))
  },
}
