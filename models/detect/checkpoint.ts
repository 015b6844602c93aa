/**
 * The complete state of detection for a clock, as stored. It is written as a whole, and read at start, after a failure,
 * and when another process has written a later version.
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
  /** Size of the stored text in UTF-8 bytes; 0 if nothing is stored. */
  readonly bytes: number
  readonly monitor: MonitorState
  readonly notifications: NotificationState
}

/** Format version of the stored text. Text in an unknown format is ignored, and its content is learned again. */
const FORM = 2

interface Stored {
  readonly form: number
  readonly monitor: MonitorState
  readonly notifications: NotificationState
}

/** Format 1, as earlier versions wrote it: the same content with other names. */
interface StoredBefore {
  readonly form: number
  readonly monitor: MonitorState
  readonly telling: { readonly told: NotificationState['sent']; readonly outbox: NotificationState['outbox'] }
}

/** Returns undefined for an unknown format. Pure. */
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

/** The latest checkpoint: `known`, unless another process has stored a later one. */
export async function loadCheckpoint(store: Store, clock: string, known: Checkpoint | undefined): Promise<Checkpoint> {
  const [latest] = await store.rows<Pick<CheckpointRow, 'version'>>(checkpointVersion(clock))
  if (known !== undefined && (latest?.version ?? 0) <= known.version) return known
  const checkpoint = withCurrentIds((await latestStored(store, clock)) ?? (await fromIncidents(store, clock)))
  // After a kill between the checkpoint and its incidents, the stored incidents are one version behind; writing equal
  // rows again is harmless.
  if (checkpoint.monitor.incidents.all.length > 0)
    await store.exec(writeIncidents(checkpoint.monitor.incidents.all, checkpoint.version))
  return checkpoint
}

async function latestStored(store: Store, clock: string): Promise<Checkpoint | undefined> {
  const [row] = await store.rows<CheckpointRow>(checkpointQuery(clock))
  return row === undefined ? undefined : readCheckpoint(row)
}

/** Without a checkpoint: incident numbers continue, and open incidents stay open. */
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

/**
 * Writes the checkpoint first: it alone is authoritative, and `loadCheckpoint` repairs a kill between the two writes.
 */
export async function saveCheckpoint(
  store: Store,
  checkpoint: Checkpoint,
  changed: readonly Incident[],
  now: number,
): Promise<Checkpoint> {
  const { monitor, notifications } = checkpoint
  // Wall time, so that versions keep growing even if a checkpoint was lost.
  const version = Math.max(checkpoint.version + 1, now)
  const state = JSON.stringify({ form: FORM, monitor, notifications })
  await store.exec(writeCheckpoint({ clock: monitor.clock, version, at: now, state }))
  if (changed.length > 0) await store.exec(writeIncidents(changed, version))
  return { version, bytes: Buffer.byteLength(state), monitor, notifications }
}

/** Open incidents with old metric ids continue under the current ids. Pure. */
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
