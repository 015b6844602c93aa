import type { Migration } from '../platform/clickhouse/migrate.ts'
import { migrations as detect } from '../models/detect/index.ts'
import { migrations as definitions } from '../models/experiments/index.ts'
import { migrations as audit } from '../streams/audit/index.ts'
import { migrations as experiments } from '../streams/experiments/index.ts'
import { migrations as popularity } from '../streams/popularity/index.ts'
import { migrations as qoe } from '../streams/qoe/index.ts'
import { migrations as sink } from '../streams/sink/migrations.ts'
import { migrations as touched } from '../streams/touched/index.ts'

/** Every module's tables, in the order they build on one another: landing tables and the ledger first. */
export const allMigrations: readonly Migration[] = [
  ...sink,
  ...audit,
  ...touched,
  ...popularity,
  ...qoe,
  ...definitions,
  ...experiments,
  ...detect,
]
