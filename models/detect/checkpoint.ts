/**
 * All that detection knows of a clock, as it is stored: written whole; read at a start, after a failure, and when another
 * process wrote a later one.
 */
import type { Store } from '../../platform/clickhouse/index.ts'
import type { Incident } from './incidents.ts'
import { emptyMonitor, type MonitorState } from './monitor.ts'
import { currentId } from '../../schemas/metrics/index.ts'
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
import { NOTHING_NOTIFIED, type NotificationState } from './notifications.ts'

export interface Checkpoint {
  readonly version: number
  /** Size of its stored text, UTF-8; 0 = nothing is stored. */
  readonly bytes: number
  readonly monitor: MonitorState
  readonly notifications: NotificationState
}

/** Form of the stored text. A form that is not known here is not read: what it held is learned anew. */
const FORM = 2

interface Stored {
  readonly form: number
  readonly monitor: MonitorState
  readonly notifications: NotificationState
}

/** Form 1, as earlier versions wrote it: the same under other names. */
interface StoredBefore {
  readonly form: number
  readonly monitor: MonitorState
  readonly telling: { readonly told: NotificationState['sent']; readonly outbox: NotificationState['outbox'] }
}

/** Undefined for a form that is not known. Pure. */
export function readCheckpoint({ version, state }: CheckpointRow): Checkpoint | undefined {
  const stored = JSON.parse(state) as Stored | StoredBefore
  const bytes = Buffer.byteLength(state)
  if ('telling' in stored) {
    const { told, outbox } = stored.telling
    return stored.form === 1
      ? { version, bytes, monitor: stored.monitor, notifications: { sent: told, outbox } }
      : undefined
  }
  return stored.form === FORM
    ? { version, bytes, monitor: stored.monitor, notifications: stored.notifications }
    : undefined
}

/** The latest checkpoint: `known`, unless another process stored a later one. */
export async function loadCheckpoint(store: Store, clock: string, known: Checkpoint | undefined): Promise<Checkpoint> {
  const [latest] = await store.rows<Pick<CheckpointRow, 'version'>>(checkpointVersion(clock))
  if (known !== undefined && (latest?.version ?? 0) <= known.version) return known
  const checkpoint = withCurrentIds((await latestStored(store, clock)) ?? (await fromIncidents(store, clock)))
  // A kill after the checkpoint and before its incidents leaves these a version behind; equal rows do no harm.
  if (checkpoint.monitor.incidents.all.length > 0)
    await store.exec(writeIncidents(checkpoint.monitor.incidents.all, checkpoint.version))
  return checkpoint
}

async function latestStored(store: Store, clock: string): Promise<Checkpoint | undefined> {
  const [row] = await store.rows<CheckpointRow>(checkpointQuery(clock))
  return row === undefined ? undefined : readCheckpoint(row)
}

/** Without a checkpoint: numbers of incidents go on, and what was open stays open. */
async function fromIncidents(store: Store, clock: string): Promise<Checkpoint> {
  const [row] = await store.rows<LeftRow>(leftQuery(clock))
  const all = (row?.open ?? []).map((body) => readIncident({ body })).toSorted((a, b) => a.number - b.number)
  return {
    version: row?.version ?? 0,
    bytes: 0,
    monitor: { ...emptyMonitor(clock), incidents: { all, next: (row?.last ?? 0) + 1 } },
    notifications: NOTHING_NOTIFIED,
  }
}

/** The checkpoint first: it alone decides what is known, and `loadCheckpoint` repairs a kill between the two. */
export async function saveCheckpoint(
  store: Store,
  checkpoint: Checkpoint,
  changed: readonly Incident[],
  now: number,
): Promise<Checkpoint> {
  const { monitor, notifications } = checkpoint
  // Wall time, so that a version outlives a checkpoint that was lost.
  const version = Math.max(checkpoint.version + 1, now)
  const state = JSON.stringify({ form: FORM, monitor, notifications })
  await store.exec(writeCheckpoint({ clock: monitor.clock, version, at: now, state }))
  if (changed.length > 0) await store.exec(writeIncidents(changed, version))
  return { version, bytes: Buffer.byteLength(state), monitor, notifications }
}

/** Incidents that were open under old ids of metrics go on under today's. Pure. */
export const withCurrentIds = (checkpoint: Checkpoint): Checkpoint => {
  const { incidents } = checkpoint.monitor
  const current = (id: string): string => currentId('detection', id)
  const all = incidents.all.map((incident) => ({
    ...incident,
    metric: current(incident.metric),
    metrics: [...new Set(incident.metrics.map(current))],
    evidence: incident.evidence.map((each) => ({ ...each, metric: current(each.metric) })),
  }))
  return { ...checkpoint, monitor: { ...checkpoint.monitor, incidents: { ...incidents, all } } }
}
