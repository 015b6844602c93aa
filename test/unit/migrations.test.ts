import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { allMigrations } from '../../bin/composition.ts'
import { checksumOf } from '../../platform/clickhouse/migrate.ts'

const released = JSON.parse(readFileSync(new URL('./released-migrations.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, string>
>

describe('migrations that existing stores have applied', () => {
  it('read as they did, comments in their SQL included: a store refuses to start on a changed one', () => {
    const now = Object.fromEntries(allMigrations.map((migration) => [migration.id, checksumOf(migration)]))
    const changed = Object.entries(released).filter(([id, checksum]) => now[id] !== checksum)
    assert.deepEqual(
      changed.map(([id]) => id),
      [],
    )
  })
})
