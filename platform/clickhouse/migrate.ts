import { createHash } from 'node:crypto'
import { errorMessage } from '../errors.ts'
import { fail } from './errors.ts'
import type { Store } from './port.ts'

/**
 * A schema migration. Applied once, in order, and never changed afterwards: views and their targets are part of what
 * makes an insert exactly once (docs/architecture.md, "Exactly once"), so a change is a new migration with new _vN
 * names. If the process is killed midway, the statements run again at the next start: write them with IF NOT EXISTS.
 */
export interface Migration {
  /** Unique across all modules, such as 'popularity-0001'. */
  readonly id: string
  readonly statements: readonly string[]
}

/** Migrations are few and always read completely, so the ORDER BY does not matter for speed. */
const TABLE = `CREATE TABLE IF NOT EXISTS migrations (
  id String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY id`

/**
 * Applies the missing migrations and returns their ids. Throws MIGRATION_CHANGED if the text of an applied one has
 * changed.
 */
export async function migrate(store: Store, migrations: readonly Migration[]): Promise<readonly string[]> {
  await store.exec(TABLE)
  const applied = new Map(
    (await store.rows<{ id: string; checksum: string }>('SELECT id, checksum FROM migrations')).map(
      ({ id, checksum }) => [id, checksum],
    ),
  )
  const changed = migrations.find(
    (migration) => applied.has(migration.id) && applied.get(migration.id) !== checksumOf(migration),
  )
  if (changed !== undefined) throw fail('MIGRATION_CHANGED', { id: changed.id })
  const missing = migrations.filter(({ id }) => !applied.has(id))
  for (const migration of missing) await apply(store, migration)
  return missing.map(({ id }) => id)
}

async function apply(store: Store, migration: Migration): Promise<void> {
  for (const [index, statement] of migration.statements.entries()) {
    try {
      await store.exec(statement)
    } catch (error) {
      throw fail('MIGRATION_FAILED', { id: migration.id, statement: index + 1, reason: errorMessage(error) }, error)
    }
  }
  await store.exec({
    sql: 'INSERT INTO migrations (id, checksum) SELECT {id:String}, {checksum:String}',
    params: { id: migration.id, checksum: checksumOf(migration) },
  })
}

/** Whitespace is ignored: a statement that was only reindented is the same statement. */
export const checksumOf = ({ statements }: Migration): string =>
  createHash('sha256')
    .update(statements.map((statement) => statement.replace(/\s+/g, ' ').trim()).join('\n'))
    .digest('hex')
