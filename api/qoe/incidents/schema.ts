import { Type, type Static } from 'typebox'

const Time = (description: string) => Type.Integer({ description: `${description}, ms of the clock` })
const Nullable = <T extends ReturnType<typeof Type.Integer> | ReturnType<typeof Type.Number>>(type: T) =>
  Type.Union([type, Type.Null()])
const Cause = Type.Record(Type.String(), Type.String(), {
  description: 'values by dimension (asn, oca, app_version, device, country); {} is everything',
})
const Filters = Type.Array(Type.String(), {
  description: '`filter` of /v1/qoe/sessions, /v1/qoe/metrics and /v1/qoe/errors: NAME:VALUE',
})

export const IncidentsQuery = Type.Object({
  clock: Type.String({
    default: 'world',
    maxLength: 64,
    description: "whose time: 'world', 'live', 'replay:…'; see /v1/clocks",
  }),
  state: Type.Unsafe<'open' | 'closed' | 'all'>({
    type: 'string',
    enum: ['open', 'closed', 'all'],
    default: 'all',
    description: 'open: all that go on, acknowledged and muted ones too',
  }),
  from: Type.Optional(Time('those that go on at or after it')),
  to: Type.Optional(Time('those that began before it')),
  limit: Type.Integer({ default: 50, minimum: 1, maximum: 500 }),
})
export type IncidentsQuestion = Static<typeof IncidentsQuery>

export const IncidentParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) })

const By = Type.String({ minLength: 1, maxLength: 128, pattern: '\\S', description: 'who' })
export const ByBody = Type.Object({ by: By }, { additionalProperties: false })
export const MuteBody = Type.Object(
  { by: By, until: Time('end of the silence; later than now, at most 30 days') },
  { additionalProperties: false },
)
export type MuteOrder = Static<typeof MuteBody>

const summary = {
  id: Type.String(),
  clock: Type.String(),
  state: Type.Unsafe<'open' | 'acknowledged' | 'muted' | 'ended'>({
    type: 'string',
    enum: ['open', 'acknowledged', 'muted', 'ended'],
  }),
  title: Type.String(),
  kind: Type.Unsafe<'anomaly' | 'threshold'>({
    type: 'string',
    enum: ['anomaly', 'threshold'],
    description: 'threshold: nothing but fixed limits shows it',
  }),
  metric: Type.String({ description: 'the one that showed it first' }),
  metrics: Type.Array(Type.String()),
  rules: Type.Array(Type.String(), { description: 'names of broken threshold rules' }),
  cause: Cause,
  filters: Filters,
  session_metric: Type.String({ description: 'id in /v1/qoe/definitions that shows it best' }),
  start: Time('first excess'),
  found: Time('when it was found'),
  latest: Time('latest excess'),
  end: Nullable(Time('null while it goes on')),
  affected_sessions: Type.Integer({ description: 'estimate: sessions hit that would not have been' }),
  peak: Type.Object({
    at: Type.Number(),
    rate: Type.Number(),
    usual_rate: Type.Number({ description: 'of a threshold: its limit' }),
    unit: Type.String({ description: 'ratio or ms' }),
  }),
  acknowledged: Type.Union([
    Type.Object({ by: Type.String(), at: Type.Number({ description: 'wall clock, ms' }) }),
    Type.Null(),
  ]),
  muted: Type.Union([
    Type.Object({
      by: Type.String(),
      at: Type.Number({ description: 'wall clock, ms' }),
      until: Time('may have passed'),
    }),
    Type.Null(),
  ]),
}
const Watermark = Type.Union([Type.Number(), Type.Null()], { description: 'now, in the clock, ms; null without data' })

export const IncidentsAnswer = Type.Object({
  clock: Type.String(),
  watermark: Watermark,
  incidents: Type.Array(Type.Object(summary), { description: 'newest first' }),
})

const Evidence = Type.Object({
  cause: Cause,
  title: Type.String(),
  filters: Filters,
  metric: Type.String(),
  score: Type.Number({ description: 'nats, after the cost of its name' }),
  events: Type.Number({ description: 'of the metric, inside' }),
  expected_events: Type.Number(),
  share_of_excess: Type.Number({ description: 'over 1 when outside is better than usual' }),
  inside: Nullable(Type.Number({ description: 'times what is usual; null where nothing is usual' })),
  outside: Nullable(Type.Number()),
})
const Link = Type.String({ description: 'path and query, with filters, period and metric of the incident' })

export const IncidentAnswer = Type.Object({
  watermark: Watermark,
  ...summary,
  evidence: Type.Array(Evidence, { description: 'ranked causes, the best first' }),
  period: Type.Object(
    { from: Type.Integer(), to: Type.Integer() },
    { description: 'ten minutes before its start to its end, or to now; ms of the clock' },
  ),
  links: Type.Object({ sessions: Link, metrics: Link, errors: Link }),
  actions: Type.Array(
    Type.Object({
      kind: Type.String(),
      by: Type.String(),
      at: Type.Number({ description: 'wall clock, ms' }),
      until: Nullable(Type.Number()),
    }),
    { description: 'oldest first' },
  ),
})
export type IncidentFound = Static<typeof IncidentAnswer>
