/**
 * What detection knows of a clock, as it stands in the store: written whole, read at a start, after a failure, and when
 * another wrote it.
 */
import type { Store } from '../../platform/clickhouse/index.ts'
import { currentId } from '../../schemas/metrics/index.ts'
import type { Incident } from './incidents.ts'
import { emptyMonitor, type MonitorState } from './monitor.ts'
import {
  checkpointQuery,
  checkpointVersion,
  leftQuery,
  readIncident,
  writeCheckpoint,
  writeIncidents,
  type CheckpointRow,
  type LeftRow,
} from './stored.ts'
import { NOTHING_TOLD, type Telling } from './telling.ts'

export interface Memory {
  readonly version: number
  /** Of its checkpoint, UTF-8; 0 = there is none. */
  readonly bytes: number
  readonly monitor: MonitorState
  readonly telling: Telling
}

/** Of what is written: another number is another form, which is learned anew. */
const FORM = 1

/** The memory as the store has it: `known` as long as nobody wrote a later one. */
export async function recall(store: Store, clock: string, known: Memory | undefined): Promise<Memory> {
  const [latest] = await store.rows<Pick<CheckpointRow, 'version'>>(checkpointVersion(clock))
  if (known !== undefined && (latest?.version ?? 0) <= known.version) return known
  const memory = withCurrentIds((await checkpointed(store, clock)) ?? (await left(store, clock)))
  // A kill between checkpoint and incidents left these behind; equal rows do no harm.
  if (memory.monitor.incidents.all.length > 0)
    await store.exec(writeIncidents(memory.monitor.incidents.all, memory.version))
  return memory
}

async function checkpointed(store: Store, clock: string): Promise<Memory | undefined> {
  const [row] = await store.rows<CheckpointRow>(checkpointQuery(clock))
  if (row === undefined) return undefined
  const { form, monitor, telling } = JSON.parse(row.state) as Pick<Memory, 'monitor' | 'telling'> & {
    readonly form: number
  }
  return form === FORM ? { version: row.version, bytes: Buffer.byteLength(row.state), monitor, telling } : undefined
}

/** Incidents that were open under old ids of metrics go on under today's. */
const withCurrentIds = (memory: Memory): Memory => {
  const { incidents } = memory.monitor
  const current = (id: string): string => currentId('detection', id)
  const all = incidents.all.map((incident) => ({
    ...incident,
    metric: current(incident.metric),
    metrics: [...new Set(incident.metrics.map(current))],
    evidence: incident.evidence.map((each) => ({ ...each, metric: current(each.metric) })),
  }))
  return { ...memory, monitor: { ...memory.monitor, incidents: { ...incidents, all } } }
}

/** Without a checkpoint: incidents go on under their numbers, and what was open is. */
async function left(store: Store, clock: string): Promise<Memory> {
  const [row] = await store.rows<LeftRow>(leftQuery(clock))
  const all = (row?.open ?? []).map((body) => readIncident({ body })).toSorted((a, b) => a.number - b.number)
  return {
    version: row?.version ?? 0,
    bytes: 0,
    monitor: { ...emptyMonitor(clock), incidents: { all, next: (row?.last ?? 0) + 1 } },
    telling: NOTHING_TOLD,
  }
}

/** The checkpoint first: it alone decides what is known, and a kill in between is mended by the next `recall`. */
export async function remember(
  store: Store,
  memory: Memory,
  changed: readonly Incident[],
  now: number,
): Promise<Memory> {
  const { monitor, telling } = memory
  // Wall time, so that a version outlives a checkpoint that was lost.
  const version = Math.max(memory.version + 1, now)
  const state = JSON.stringify({ form: FORM, monitor, telling })
  await store.exec(writeCheckpoint({ clock: monitor.clock, version, at: now, state }))
  if (changed.length > 0) await store.exec(writeIncidents(changed, version))
  return { version, bytes: Buffer.byteLength(state), monitor, telling }
}
