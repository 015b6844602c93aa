import type { Module } from '../../platform/module.ts'
import { serveActions } from './routes.ts'

export const actions: Module = {
  name: 'api/actions',
  routes: (app, { store }) => serveActions(app, store),
}
