import type { Module } from '../platform/module.ts'

/** The server for the routes of all modules. */
export const api: Module = {
  name: 'api',
  after: ['streams/qoe', 'streams/experiments', 'models/detect', 'api/experiments'],
  parts: [{ roles: ['api'], start: async (ctx) => (await import('./server.ts')).startApi(ctx) }],
}
