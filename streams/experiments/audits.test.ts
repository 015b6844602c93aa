import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Store } from '../../platform/clickhouse/index.ts'
import { auditAggregate } from '../audit/aggregates.ts'
import { idOf } from '../touched/fixture.ts'
import { outcomeAudits } from './index.ts'
import { expose, experiment, offsets, register, settleAll, store, T, useStore } from './testing.ts'

const IDS = ['a', 'b', 'c', 'd', 'e', 'f']
/** What the audit of one experiment needs is 20 MiB. */
const LIMIT = 32 * 2 ** 20

describe('the audit of outcomes', () => {
  useStore()

  it('needs the memory of one experiment, however many there are, and names the one that differs', async () => {
    for (const [n, id] of IDS.entries()) {
      await register(experiment({ id }))
      await expose([{ id: idOf(n), clock: 'live', experiment: id, unit: 'p', variation: 1, at: T }])
    }
    await settleAll()
    await store.exec(
      "ALTER TABLE unit_outcome_v1 UPDATE value = value + 1 WHERE experiment_id = 'd' SETTINGS mutations_sync = 1",
    )
    const limited: Store = {
      ...store,
      rows: (query) => store.rows(typeof query === 'string' ? `${query} SETTINGS max_memory_usage = ${LIMIT}` : query),
    }
    const cut = [{ topic: 'experiment.exposures', partition: 0, start: 0, end: offsets.exposures }, ...EMPTY]
    const reports = []
    for (const audit of await outcomeAudits(store)) reports.push(await auditAggregate(limited, audit, cut))
    assert.deepEqual(
      reports.map(({ name, rows, equal }) => [name, rows, equal]),
      IDS.map((id) => [`unit_outcome_v1 ${id}`, 6, id !== 'd']),
    )
  })
})

const EMPTY = ['viewer.actions', 'playback.telemetry'].map((topic) => ({ topic, partition: 0, start: 0, end: 0 }))
