export { createClient, type Client, type ClientOptions } from './client.ts'
export type { EventInput } from './batch.ts'
export type { ClientStats } from './stats.ts'
