import type { Module } from '../../platform/module.ts'
import { serveFeatures } from './routes.ts'
import { openFeatures } from './service.ts'

export const features: Module = {
  name: 'api/features',
  routes(app, { store, clock, logger }) {
    const features = openFeatures({ store, clock, logger })
    serveFeatures(app, features)
    app.addHook('preClose', () => features.stop())
  },
}
