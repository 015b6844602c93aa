/**
 * Which notifications were sent about which incident. A notification is sent if an incident's state differs from the
 * last one notified, so a restart, the end of a mute or an hour without a receiver neither repeats nor omits anything.
 * Pure; stored with the monitor.
 */
import { groupOf } from './cells.ts'
import type { Incident } from './incidents.ts'
import { UNTOUCHED, stateOf, type Standing } from './operators.ts'
import { evidencePayload, incidentPayload, type EvidencePayload, type IncidentPayload } from './payloads.ts'

export interface Notification {
  /** `INCIDENT:NUMBER`, the same in every retry. */
  readonly id: string
  readonly incident: string
  readonly body: NotificationBody
}

/** Body of a webhook. */
export interface NotificationBody {
  readonly type: 'incident.opened' | 'incident.changed' | 'incident.acknowledged' | 'incident.ended'
  readonly id: string
  readonly incident: IncidentPayload
  readonly evidence: readonly EvidencePayload[]
}

export interface NotificationState {
  /** By incident: the number of notifications, and the state in the last of them. */
  readonly sent: Readonly<Record<string, { readonly count: number; readonly as: string }>>
  /** Not yet delivered, oldest first. */
  readonly outbox: readonly Notification[]
}

export const NOTHING_NOTIFIED: NotificationState = { sent: {}, outbox: [] }

const MAX_CAUSES = 5

/**
 * Adds a notification for every incident with a new state. Muted incidents wait until the mute ends; an incident that
 * ended before its first notification is omitted.
 */
export function notify(
  { sent, outbox }: NotificationState,
  incidents: readonly Incident[],
  standings: ReadonlyMap<string, Standing>,
  now: number,
): { notifications: NotificationState; fresh: readonly Notification[] } {
  const fresh: Notification[] = []
  const next: Record<string, { readonly count: number; readonly as: string }> = {}
  for (const incident of incidents) {
    const standing = standings.get(incident.id) ?? UNTOUCHED
    const [before, state] = [sent[incident.id], stateOf(incident, standing, now)]
    const as = `${state} ${groupOf(incident.cause)}`
    if (before !== undefined) next[incident.id] = before
    if (state === 'muted' || before?.as === as || (state === 'ended' && before === undefined)) continue
    const count = (before?.count ?? 0) + 1
    next[incident.id] = { count, as }
    fresh.push(notificationOf(incident, standing, now, `${incident.id}:${count}`, typeOf(before?.as, state)))
  }
  return { notifications: { sent: next, outbox: [...outbox, ...fresh] }, fresh }
}

function typeOf(before: string | undefined, state: string): NotificationBody['type'] {
  if (before === undefined) return 'incident.opened'
  if (state === 'ended') return 'incident.ended'
  return state === 'acknowledged' && !before.startsWith('acknowledged') ? 'incident.acknowledged' : 'incident.changed'
}

const notificationOf = (
  incident: Incident,
  standing: Standing,
  now: number,
  id: string,
  type: NotificationBody['type'],
): Notification => ({
  id,
  incident: incident.id,
  body: {
    type,
    id,
    incident: incidentPayload(incident, standing, now),
    evidence: incident.evidence.slice(0, MAX_CAUSES).map(evidencePayload),
  },
})

export const delivered = ({ sent, outbox }: NotificationState, id: string): NotificationState => ({
  sent,
  outbox: outbox.filter((notification) => notification.id !== id),
})

/**
 * The first waiting notification of each incident: one incident's are sent in order, different incidents' in parallel.
 */
export function heads({ outbox }: NotificationState): readonly Notification[] {
  const first = new Map(outbox.toReversed().map((notification) => [notification.incident, notification]))
  return outbox.filter((notification) => first.get(notification.incident) === notification)
}

/**
 * Keeps at most `most` waiting. For incidents with several, those between the first and the last are dropped first,
 * then the oldest.
 */
export function bounded(
  { sent, outbox }: NotificationState,
  most: number,
): { notifications: NotificationState; dropped: readonly Notification[] } {
  if (outbox.length <= most) return { notifications: { sent, outbox }, dropped: [] }
  const ends = new Set([
    ...heads({ sent, outbox }),
    ...new Map(outbox.map((notification) => [notification.incident, notification])).values(),
  ])
  const kept = new Set(outbox.filter((notification) => ends.has(notification)).slice(-most))
  return {
    notifications: { sent, outbox: outbox.filter((notification) => kept.has(notification)) },
    dropped: outbox.filter((notification) => !kept.has(notification)),
  }
}
