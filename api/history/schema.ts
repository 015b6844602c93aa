import { Type, type Static } from 'typebox'

const Many = (description: string) => Type.Array(Type.String({ maxLength: 512 }), { maxItems: 50, description })
const Nullable = Type.Union([Type.Number(), Type.Null()])
const Strings = Type.Record(Type.String(), Type.String())

const scope = {
  clock: Type.String({
    default: 'world',
    maxLength: 64,
    description: "whose time: 'world', 'live', 'replay:…'; see /v1/clocks",
  }),
  from: Type.Optional(Type.Integer({ description: 'ms of the clock, inclusive; an hour before `to` by default' })),
  to: Type.Optional(Type.Integer({ description: "ms of the clock, exclusive; the clock's present by default" })),
  filter: Type.Optional(Many('NAME:VALUE; values of one name are alternatives, names apply together')),
}
export const ScopeQuery = Type.Object(scope)
const belonging = {
  time: Type.Optional(
    Type.Unsafe<'open'>({
      type: 'string',
      enum: ['open'],
      description:
        'open: sessions that were open in the period; absent: those that began, or ended, in it, as the metric says',
    }),
  ),
}
export type ScopeQuestion = Static<typeof ScopeQuery> & { readonly time?: 'open' }

export const MetricsQuery = Type.Object({
  ...scope,
  ...belonging,
  metric: Type.Array(Type.String({ maxLength: 128 }), {
    minItems: 1,
    maxItems: 12,
    description: 'ids of /v1/qoe/definitions, such as rebuffer_ratio:cta2066',
  }),
  group: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { description: 'up to three dimensions' })),
  quantile: Type.Optional(
    Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { maxItems: 9, description: 'of metrics with a distribution' }),
  ),
  histogram: Type.Optional(Type.Boolean()),
  points: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 2_000,
      description: 'a row for each interval, so many at most: two a pixel of the picture',
    }),
  ),
  interval: Type.Optional(Type.Integer({ minimum: 1_000, description: 'a row for each interval of so many ms' })),
  compare_from: Type.Optional(
    Type.Integer({ description: 'start of a period of the same length to compare with, ms' }),
  ),
  sort: Type.Optional(
    Type.Unsafe<'value' | 'negative_impact'>({
      type: 'string',
      enum: ['value', 'negative_impact'],
      description: 'cells with the worst value first, or those that worsen the whole most, by the first metric',
    }),
  ),
  limit: Type.Integer({ default: 100, minimum: 1, maximum: 5_000, description: 'cells' }),
})
export type MetricsQuestion = Static<typeof MetricsQuery>

const Value = Type.Object({
  metric: Type.String(),
  value: Nullable,
  low: Nullable,
  high: Nullable,
  numerator: Type.Number(),
  denominator: Type.Number(),
  quantiles: Type.Optional(Type.Array(Nullable)),
  histogram: Type.Optional(Type.Array(Type.Array(Type.Number()))),
})
const Watermark = Type.Union([Type.Number(), Type.Null()], { description: 'now, in the clock, ms; null without data' })
const period = { from: Nullable, to: Nullable }
const replaced = {
  replaced: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description:
        'old ids of metrics that were asked for, with the ids that took their place: the old ones are answered for one version',
    }),
  ),
}

export const MetricsAnswer = Type.Object({
  clock: Type.String(),
  watermark: Watermark,
  ...period,
  ...replaced,
  interval: Nullable,
  answers: Type.Array(
    Type.Object({
      time: Type.String({
        description:
          'whether sessions are counted by their start, by their end, or at every moment that they are there (concurrency, an answer for each rule)',
      }),
      rows: Type.Array(
        Type.Object({
          dimensions: Strings,
          period: Type.Integer({ description: '0 = the one asked for, 1 = the one it is compared with' }),
          at: Type.Number(),
          sessions: Type.Number(),
          completeness: Nullable,
          hidden_ms: Type.Number(),
          values: Type.Array(Value),
        }),
      ),
    }),
  ),
})

export const SessionsQuery = Type.Object({
  ...scope,
  ...belonging,
  metric: Type.Optional(
    Type.Array(Type.String({ maxLength: 128 }), {
      maxItems: 6,
      description: 'each session shows its part of them: the parts of a cell sum to the cell',
    }),
  ),
  order: Type.Unsafe<string>({
    type: 'string',
    enum: ['start', 'stalled', 'startup', 'watched', 'errors', 'hidden', 'numerator'],
    default: 'start',
    description: 'greatest first; numerator: that of the first metric',
  }),
  limit: Type.Integer({ default: 50, minimum: 1, maximum: 200 }),
  cursor: Type.Optional(Type.String({ maxLength: 1_024, description: '`next` of the answer before' })),
})
export type SessionsQuestion = Static<typeof SessionsQuery>

export const SessionsAnswer = Type.Object({
  clock: Type.String(),
  watermark: Watermark,
  ...period,
  ...replaced,
  sessions: Type.Array(
    Type.Object(
      { session_id: Type.String(), status: Type.String(), outcome: Type.String() },
      { additionalProperties: true },
    ),
  ),
  sums: Type.Union(
    [
      Type.Object({
        sessions: Type.Number(),
        parts: Type.Array(Type.Object({ metric: Type.String(), numerator: Type.Number(), denominator: Type.Number() })),
      }),
      Type.Null(),
    ],
    { description: 'of all pages of the list; null on the pages after the first' },
  ),
  next: Type.Union([Type.String(), Type.Null()]),
})

export const SessionParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 4_096 }) })
export const SessionQuery = Type.Object({ clock: scope.clock })

export const ErrorsAnswer = Type.Object({
  clock: Type.String(),
  watermark: Watermark,
  ...period,
  errors: Type.Array(
    Type.Object({
      kind: Type.String(),
      code: Type.String(),
      sessions: Type.Number(),
      devices: Type.Array(Type.String()),
      versions: Type.Array(Type.String()),
      first: Type.Number(),
      last: Type.Number(),
    }),
  ),
})

export const DefinitionsAnswer = Type.Object({
  metrics: Type.Array(
    Type.Object({
      id: Type.String(),
      title: Type.String(),
      definition: Type.String(),
      unit: Type.String(),
      scale: Type.Number({ description: 'value = numerator / denominator x scale' }),
      better: Type.String(),
      time: Type.String(),
      loss: Type.String({ description: 'how lost telemetry bounds it' }),
      distribution: Type.Boolean(),
      source: Type.String(),
      population: Type.String({ description: 'which sessions, plays or viewers count' }),
      booked_to: Type.String(),
      estimator: Type.String(),
      replaced_by: Type.Optional(
        Type.String({ description: 'this is an old id, answered for one version: ask for that one' }),
      ),
    }),
  ),
  live: Strings,
  dimensions: Type.Array(Type.String()),
  orders: Type.Array(Type.String()),
})
