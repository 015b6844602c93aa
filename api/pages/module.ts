import type { Module } from '../../platform/module.ts'

export const pages: Module = {
  name: 'api/pages',
  routes: async (app) => (await import('./pages.ts')).servePages(app),
}
