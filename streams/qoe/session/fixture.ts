import type { Store } from '../../../platform/clickhouse/index.ts'
import { settleSessions, type LandedEnds } from './job.ts'
import type { TelemetryRecord } from './record.ts'

/** Log time, ms: far enough in the future that the rows do not expire on the day of a test run. */
export const LOGGED = Date.UTC(2090, 0)

/** Inserts records directly, without the sink, as one insert at consecutive offsets. */
export async function landRecords(
  store: Store,
  records: readonly TelemetryRecord[],
  { partition = 0, offset }: { partition?: number; offset: number },
): Promise<void> {
  if (records.length === 0) return
  const rows = records.map((record, i) =>
    JSON.stringify({
      ...record,
      received_time: record.received_time ?? LOGGED,
      event_id: (record.event_id ?? `${record.session_id}/${record.seq}`)
        .replaceAll('-', '')
        .slice(-16)
        .padStart(16, '0'),
      _partition: partition,
      _offset: offset + i,
    }),
  )
  await store.exec(`INSERT INTO playback_telemetry SETTINGS async_insert = 0, insert_deduplication_token = '${partition}-${offset}-${records[0]!.clock}',
  deduplicate_blocks_in_dependent_materialized_views = 1, max_threads = 1
FORMAT JSONEachRow
${rows.join('\n')}`)
}

/** The landed offsets for tests that wait for each insert. */
export const landedEnds =
  (store: Store): LandedEnds =>
  () =>
    store.rows(
      'SELECT _partition AS partition, toFloat64(max(_offset) + 1) AS offset FROM playback_telemetry GROUP BY partition',
    )

/** Reduces all sessions of what has landed. */
export const settle = (store: Store): Promise<number> => settleSessions(store, landedEnds(store))
