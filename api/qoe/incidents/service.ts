import {
  actionsQuery,
  evidencePayload,
  incidentPayload,
  incidentQuery,
  incidentsQuery,
  readIncident,
  standingOf,
  standingsOf,
  UNTOUCHED,
  writeAction,
  type BodyRow,
  type Incident,
  type IncidentPayload,
  type OperatorAction,
} from '../../../models/detect/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Store } from '../../../platform/clickhouse/port.ts'
import { sha256 } from '../../../platform/hash.ts'
import { fail } from '../../errors.ts'
import type { IncidentFound, IncidentsQuestion } from './schema.ts'

/** An operator's action. */
export interface Order {
  readonly kind: OperatorAction['kind']
  readonly by: string
  readonly until?: number
}

export interface IncidentService {
  list(question: IncidentsQuestion): Promise<{ clock: string; watermark: number | null; incidents: IncidentPayload[] }>
  one(id: string): Promise<IncidentFound>
  /** Stored before the response is sent, so an acknowledged action survives any failure. */
  act(id: string, order: Order): Promise<IncidentFound>
}

export interface IncidentDeps {
  readonly store: Store
  readonly clock: Clock
  /** Current time of a clock; undefined if it has no events. */
  readonly watermark: (clock: string) => Promise<number | undefined>
}

const MINUTE_MS = 60_000
/** The period of links begins this long before the incident, for comparison, ms. */
const BEFORE_MS = 10 * MINUTE_MS
const MAX_MUTE_MS = 30 * 86_400_000

export function openIncidents({ store, clock, watermark }: IncidentDeps): IncidentService {
  const actionsOn = (ids: readonly string[]): Promise<OperatorAction[]> =>
    ids.length === 0 ? Promise.resolve([]) : store.rows<OperatorAction>(actionsQuery(ids))

  const find = async (id: string): Promise<Incident> => {
    const [row] = await store.rows<BodyRow>(incidentQuery(id))
    if (row === undefined) throw fail('API_INCIDENT_UNKNOWN', { id })
    return readIncident(row)
  }
  const tell = async (incident: Incident): Promise<IncidentFound> =>
    whole(incident, await actionsOn([incident.id]), await watermark(incident.clock))

  return {
    async list(question) {
      const { from, to } = question
      if (from !== undefined && to !== undefined && to <= from)
        throw fail('API_QUERY_INVALID', { problem: 'to must be later than from' })
      const found = (await store.rows<BodyRow>(incidentsQuery(question))).map(readIncident)
      const [now, standings] = [
        await watermark(question.clock),
        standingsOf(await actionsOn(found.map(({ id }) => id))),
      ]
      return {
        clock: question.clock,
        watermark: now ?? null,
        incidents: found.map((incident) =>
          incidentPayload(incident, standings.get(incident.id) ?? UNTOUCHED, now ?? incident.latest),
        ),
      }
    },
    one: async (id) => tell(await find(id)),
    async act(id, { kind, by, until }) {
      const incident = await find(id)
      if (incident.end !== null) throw fail('API_INCIDENT_ENDED', { id })
      const now = (await watermark(incident.clock)) ?? incident.latest
      if (until !== undefined && (until <= now || until > now + MAX_MUTE_MS))
        throw fail('API_INCIDENT_TIME', { until, now })
      const action = { incident: id, kind, by, at: clock.now(), until: until ?? null }
      await store.exec(writeAction({ id: sha256(JSON.stringify(action)).toString('hex', 0, 16), ...action }))
      return tell(incident)
    },
  }
}

/** An incident with links to its sessions. */
function whole(incident: Incident, actions: readonly OperatorAction[], watermark: number | undefined): IncidentFound {
  const now = watermark ?? incident.latest
  const payload = incidentPayload(incident, standingOf(actions), now)
  const period = { from: incident.start - BEFORE_MS, to: (incident.end ?? Math.max(now, incident.latest)) + MINUTE_MS }
  return {
    ...payload,
    metrics: [...payload.metrics],
    rules: [...payload.rules],
    filters: [...payload.filters],
    watermark: watermark ?? null,
    period,
    links: linksOf(payload, period),
    evidence: incident.evidence.map((each) => ({
      ...evidencePayload(each),
      filters: [...evidencePayload(each).filters],
    })),
    actions: actions.map(({ kind, by, at, until }) => ({ kind, by, at, until })),
  }
}

function linksOf(
  { clock, filters, session_metric: metric }: IncidentPayload,
  { from, to }: { from: number; to: number },
): IncidentFound['links'] {
  const query = (more: readonly (readonly [string, string])[]): string =>
    new URLSearchParams([
      ['clock', clock],
      ['from', String(from)],
      ['to', String(to)],
      ...filters.map((filter) => ['filter', filter]),
      ...more,
    ] as [string, string][]).toString()
  return {
    sessions: `/v1/qoe/sessions?${query([
      ['metric', metric],
      ['order', 'numerator'],
    ])}`,
    metrics: `/v1/qoe/metrics?${query([
      ['metric', metric],
      ['interval', String(MINUTE_MS)],
    ])}`,
    errors: `/v1/qoe/errors?${query([])}`,
  }
}
