import type { Module } from '../../platform/module.ts'
import { statsCommand } from './cases/command.ts'
import { decisionMigrations } from './decision/stored.ts'
import { rolloutMigrations } from './rollout/stored.ts'
import { migrations } from './definitions/migrations.ts'

/** Definitions of experiments and metrics, and the command that checks the statistics against reference cases. */
export const definitions: Module = {
  name: 'models/experiments',
  after: ['streams/sink'],
  migrations: [...migrations, ...decisionMigrations, ...rolloutMigrations],
  commands: { stats: statsCommand },
}
