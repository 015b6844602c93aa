import type { Module } from '../../platform/module.ts'
import { serveFlags } from './routes.ts'
import { openFlags } from './service.ts'

export const flags: Module = {
  name: 'api/flags',
  routes: (app, { store, clock }) => serveFlags(app, openFlags({ store, clock })),
}
