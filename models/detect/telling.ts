/**
 * Who has been told what. Not events but levels: an incident is told when what it is differs from what was last said of
 * it, so
 * a restart, a mute that ends or an hour without a receiver repeats nothing and leaves nothing out. Pure; kept with the
 * monitor.
 */
import { groupOf } from './cells.ts'
import type { Incident } from './incidents.ts'
import { UNTOUCHED, stateOf, type Standing } from './operators.ts'
import { evidencePayload, incidentPayload, type EvidencePayload, type IncidentPayload } from './payloads.ts'

export interface Notice {
  /** `INCIDENT:NUMBER`, the same however often it is sent. */
  readonly id: string
  readonly incident: string
  readonly body: NoticeBody
}

/** Body of a webhook. */
export interface NoticeBody {
  readonly type: 'incident.opened' | 'incident.changed' | 'incident.acknowledged' | 'incident.ended'
  readonly id: string
  readonly incident: IncidentPayload
  readonly evidence: readonly EvidencePayload[]
}

export interface Telling {
  /** By incident: how often it was told, and as what. */
  readonly told: Readonly<Record<string, { readonly count: number; readonly as: string }>>
  /** Not yet delivered, oldest first. */
  readonly outbox: readonly Notice[]
}

export const NOTHING_TOLD: Telling = { told: {}, outbox: [] }

const CAUSES_TOLD = 5

/**
 * What is to be said now that was not. Who is muted is not told of, until the mute ends; who ended before anybody knew
 * never is.
 */
export function tell(
  { told, outbox }: Telling,
  incidents: readonly Incident[],
  standings: ReadonlyMap<string, Standing>,
  now: number,
): { telling: Telling; fresh: readonly Notice[] } {
  const fresh: Notice[] = []
  const next: Record<string, { readonly count: number; readonly as: string }> = {}
  for (const incident of incidents) {
    const standing = standings.get(incident.id) ?? UNTOUCHED
    const [before, state] = [told[incident.id], stateOf(incident, standing, now)]
    const as = `${state} ${groupOf(incident.cause)}`
    if (before !== undefined) next[incident.id] = before
    if (state === 'muted' || before?.as === as || (state === 'ended' && before === undefined)) continue
    const count = (before?.count ?? 0) + 1
    next[incident.id] = { count, as }
    fresh.push(noticeOf(incident, standing, now, `${incident.id}:${count}`, typeOf(before?.as, state)))
  }
  return { telling: { told: next, outbox: [...outbox, ...fresh] }, fresh }
}

function typeOf(before: string | undefined, state: string): NoticeBody['type'] {
  if (before === undefined) return 'incident.opened'
  if (state === 'ended') return 'incident.ended'
  return state === 'acknowledged' && !before.startsWith('acknowledged') ? 'incident.acknowledged' : 'incident.changed'
}

const noticeOf = (
  incident: Incident,
  standing: Standing,
  now: number,
  id: string,
  type: NoticeBody['type'],
): Notice => ({
  id,
  incident: incident.id,
  body: {
    type,
    id,
    incident: incidentPayload(incident, standing, now),
    evidence: incident.evidence.slice(0, CAUSES_TOLD).map(evidencePayload),
  },
})

export const delivered = ({ told, outbox }: Telling, id: string): Telling => ({
  told,
  outbox: outbox.filter((notice) => notice.id !== id),
})

/**
 * The first notice of each incident: those of one incident are sent in order, and one that is refused holds up no
 * other.
 */
export function heads({ outbox }: Telling): readonly Notice[] {
  const first = new Map(outbox.toReversed().map((notice) => [notice.incident, notice]))
  return outbox.filter((notice) => first.get(notice.incident) === notice)
}

/**
 * With at most so many waiting: of incidents with several, what came between the first and the last goes first, then
 * the oldest.
 */
export function bounded({ told, outbox }: Telling, most: number): { telling: Telling; dropped: readonly Notice[] } {
  if (outbox.length <= most) return { telling: { told, outbox }, dropped: [] }
  const ends = new Set([
    ...heads({ told, outbox }),
    ...new Map(outbox.map((notice) => [notice.incident, notice])).values(),
  ])
  const kept = new Set(outbox.filter((notice) => ends.has(notice)).slice(-most))
  return {
    telling: { told, outbox: outbox.filter((notice) => kept.has(notice)) },
    dropped: outbox.filter((notice) => !kept.has(notice)),
  }
}
