import { readFileSync } from 'node:fs'
import type { Migration } from '../../platform/clickhouse/migrate.ts'
import { releasedWindow, landingMigrations } from '../../schemas/landing.ts'
import { landingTable, TOPIC_NAMES, type TopicName } from '../../schemas/topics.ts'

/** Every insert of every topic writes a row to the ledger, so its deduplication window is the sum of theirs. */
const LEDGER_WINDOW = TOPIC_NAMES.reduce((sum, topic) => sum + releasedWindow(topic), 0)

/** Landing tables of all topics, the ledger, and the ledger's view on each landing table. */
export const migrations: readonly Migration[] = [
  ...TOPIC_NAMES.flatMap((topic) => landingMigrations(topic)),
  { id: 'sink/ledger/v1', statements: statementsOf('ledger.sql', { window: LEDGER_WINDOW }) },
  { id: 'sink/letters/v1', statements: statementsOf('letters.sql', {}) },
  ...TOPIC_NAMES.map((topic) => ({ id: `sink/ledger/${topic}/v1`, statements: [ledgerView(topic)] })),
]

/** Counts places in the log, not events: the token makes a place land once, and the ledger proves that. */
function ledgerView(topic: TopicName): string {
  const table = landingTable(topic)
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS sink_ledger_${table}_mv_v1 TO sink_ledger_v1 AS
SELECT '${topic}' AS topic, _partition AS partition, min(_offset) AS min_offset, max(_offset) AS max_offset, count() AS rows,
  sum(_offset) AS offset_sum, groupBitXor(cityHash64(_offset)) AS offset_xor, max(received_time) AS received_until
FROM ${table}
GROUP BY _partition`
}

function statementsOf(file: string, values: Readonly<Record<string, number>>): string[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const filled = text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  return filled
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
