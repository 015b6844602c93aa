export { createClient, type Client, type ClientOptions } from './client.ts'
export type { EventInput } from './batch.ts'
export type { ClientStats } from './stats.ts'
export { journalPath, journalTopics, openJournal, readJournal, type Journal } from './journal.ts'
