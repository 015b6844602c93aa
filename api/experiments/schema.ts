import { Type, type Static, type TSchema } from 'typebox'
import { CHOICES } from '../../models/experiments/index.ts'
import { SLICES, STATES, UNIT_TYPES } from '../../schemas/experiments/experiment.ts'

const oneOf = <T extends string>(values: readonly T[], description = '') =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description && { description }) })
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()])
const Id = Type.String({ minLength: 1, maxLength: 100 })
const By = Type.String({ minLength: 1, maxLength: 128, pattern: '\\S', description: 'who' })
const Time = (description: string) => Type.Integer({ description: `${description}, ms of the experiment's clock` })
const json = (description: string) => Type.Unsafe<unknown>({ description })

const HashVersion = Type.Unsafe<1 | 2>({ type: 'integer', enum: [1, 2] })
const Version = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'of sticky buckets' })
const Condition = Type.Unsafe<Record<string, unknown>>({ type: 'object', description: "GrowthBook's condition" })
const Names = Type.Array(Type.String({ maxLength: 120 }))

export const IdParams = Type.Object({ id: Id })
export const ListQuery = Type.Object({
  state: Type.Optional(oneOf(STATES)),
  clock: Type.Optional(Type.String({ maxLength: 64 })),
})
export const OverviewQuery = Type.Object({
  ...ListQuery.properties,
  limit: Type.Integer({ default: 50, minimum: 1, maximum: 200 }),
  offset: Type.Integer({ default: 0, minimum: 0, maximum: 1_000_000 }),
  search: Type.Optional(Type.String({ maxLength: 200, description: 'in id, name, owner and tags' })),
})
export type OverviewQuestion = Static<typeof OverviewQuery>
export type ListQuestion = Static<typeof ListQuery>

export const DraftBody = Type.Object(
  {
    id: Id,
    name: Type.String({ minLength: 1, maxLength: 200 }),
    hypothesis: Type.Optional(Type.String({ maxLength: 5_000 })),
    owner: Type.Optional(Type.String({ maxLength: 128, description: 'who answers for it' })),
    tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 20 })),
    by: By,
    clock: Type.String({ default: 'live', minLength: 1, maxLength: 64 }),
    unit: oneOf(UNIT_TYPES, 'what is randomised'),
    variations: Type.Array(
      Type.Object(
        { key: Id, name: Type.Optional(Type.String({ maxLength: 200 })), weight: Type.Optional(Type.Number()) },
        { additionalProperties: false },
      ),
      { description: 'the first is the control; weights are equal unless told' },
    ),
    bucketing: Type.Optional(
      Type.Object(
        {
          hashAttribute: Type.Optional(Id),
          hashVersion: Type.Optional(HashVersion),
          seed: Type.Optional(Type.String({ maxLength: 200 })),
          coverage: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
          namespace: Type.Optional(
            Type.Unsafe<readonly [string, number, number]>({ type: 'array', minItems: 3, maxItems: 3 }),
          ),
          condition: Type.Optional(Condition),
          filters: Type.Optional(
            Type.Array(
              Type.Object(
                {
                  seed: Type.String({ minLength: 1, maxLength: 200 }),
                  ranges: Type.Array(
                    Type.Unsafe<readonly [number, number]>({ type: 'array', minItems: 2, maxItems: 2 }),
                    { minItems: 1, maxItems: 100 },
                  ),
                  attribute: Type.Optional(Id),
                  hashVersion: Type.Optional(HashVersion),
                },
                { additionalProperties: false },
              ),
              { maxItems: 20, description: 'layers' },
            ),
          ),
          parentConditions: Type.Optional(
            Type.Array(Type.Object({ id: Id, condition: Condition }, { additionalProperties: false }), {
              maxItems: 20,
              description: 'prerequisites, such as a holdout',
            }),
          ),
          fallbackAttribute: Type.Optional(Id),
          bucketVersion: Type.Optional(Version),
          minBucketVersion: Type.Optional(Version),
          disableStickyBucketing: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false, description: "GrowthBook's fields" },
      ),
    ),
    forced: Type.Optional(
      Type.Array(Type.Object({ condition: Condition, variation: Id }, { additionalProperties: false }), {
        maxItems: 100,
        description: 'who gets a variation without being part of the experiment',
      }),
    ),
    metrics: Type.Object(
      { primary: Type.Optional(Names), guardrail: Type.Optional(Names), secondary: Type.Optional(Names) },
      { additionalProperties: false, description: 'by name, or name@version; fixed when it starts' },
    ),
    slices: Type.Optional(Type.Array(oneOf(SLICES))),
    plannedUnits: Type.Integer({
      description: 'N*: units of all arms together; the intervals are narrowest there. Fixed when it starts',
    }),
    alpha: Type.Optional(Type.Number()),
    targetEffect: Type.Optional(
      Type.Number({ description: 'relative: how many units have yet to join is told of it' }),
    ),
    endsAt: Type.Optional(Nullable(Time('planned end; what is valid once is shown from then on'))),
  },
  { additionalProperties: false },
)

/** A whole draft in place of the one that stands. */
export const ChangeBody = Type.Object(
  {
    ...DraftBody.properties,
    revision: Type.Optional(Type.Integer({ description: 'refused unless the draft still stands at it' })),
  },
  { additionalProperties: false },
)

/** As much of a draft as says who takes part and what is measured. */
export const OutlookBody = Type.Object(
  {
    ...{ id: Id, clock: DraftBody.properties.clock, unit: DraftBody.properties.unit },
    variations: DraftBody.properties.variations,
    bucketing: DraftBody.properties.bucketing,
    metrics: Type.Optional(Type.Object({ primary: Type.Optional(Type.Array(Id, { maxItems: 3 })) })),
    plannedUnits: Type.Optional(
      Type.Integer({ minimum: 100, description: 'N*; the units of a fortnight unless told' }),
    ),
    alpha: DraftBody.properties.alpha,
  },
  { additionalProperties: false },
)
export type OutlookQuestion = Static<typeof OutlookBody>

export const ACTION_NAMES = [
  'start',
  'ramp',
  'reweigh',
  'pause',
  'resume',
  'stop',
  'archive',
  'kill',
  'unkill',
  'guard',
] as const
const RolloutBody = Type.Object(
  {
    rollback: Nullable(
      Type.Object(
        { margin: Nullable(Type.Number({ description: "share of the control's value; null = each guardrail's own" })) },
        { additionalProperties: false, description: 'rolls back on harm to a guardrail; null = a person does' },
      ),
    ),
    ramp: Type.Array(
      Type.Object({ coverage: Type.Number(), holdMs: Type.Integer() }, { additionalProperties: false }),
      { maxItems: 50, description: 'coverages, each held for a time before the next' },
    ),
    noticeMs: Type.Integer({ description: 'from an announcement to what it announces' }),
  },
  { additionalProperties: false, description: 'of guard; null = nothing is done without a person' },
)
export const UndoBody = Type.Object({ by: By }, { additionalProperties: false })
export const ActionParams = Type.Object({ id: Id, action: oneOf(ACTION_NAMES) })
export const ActionBody = Type.Object(
  {
    by: By,
    revision: Type.Optional(Type.Integer({ description: 'refused unless the experiment still stands at it' })),
    coverage: Type.Optional(Type.Number({ description: 'of ramp' })),
    weights: Type.Optional(Type.Array(Type.Number(), { description: 'of reweigh: begins a phase' })),
    bucketVersion: Type.Optional(Version),
    minBucketVersion: Type.Optional(Version),
    rollout: Type.Optional(Nullable(RolloutBody)),
  },
  { additionalProperties: false },
)
export type ActionOrder = Static<typeof ActionBody>

export const DecisionBody = Type.Object(
  {
    by: By,
    choice: oneOf(CHOICES, 'what is decided'),
    variation: Type.Optional(Type.Integer({ minimum: 0, description: 'index of the arm that it is about' })),
    note: Type.Optional(Type.String({ maxLength: 5_000, description: 'why, in words' })),
    revision: Type.Optional(Type.Integer({ description: 'refused unless the experiment still stands at it' })),
    as_of: Type.Optional(Time('the moment that was looked at; the watermark unless told')),
    operation: Type.Optional(
      Type.Object(
        {
          action: oneOf(['stop', 'pause', 'kill', 'ramp'] as const),
          coverage: Type.Optional(Type.Number({ description: 'of ramp' })),
        },
        { additionalProperties: false, description: 'done with the decision; roll back stops unless told' },
      ),
    ),
  },
  { additionalProperties: false },
)
export type DecisionOrder = Static<typeof DecisionBody>
export const DecisionParams = Type.Object({ id: Id, number: Type.Integer({ minimum: 1, maximum: 1_000_000 }) })

export const AsOfQuery = Type.Object({
  as_of: Type.Optional(Time('outcomes that had closed by then; the watermark unless told')),
})
export type AsOfQuestion = Static<typeof AsOfQuery>
export const ScorecardQuery = Type.Object({
  ...AsOfQuery.properties,
  slice: Type.Optional(Type.Array(oneOf(SLICES), { maxItems: 5 })),
})
export type ScorecardQuestion = Static<typeof ScorecardQuery>
export const SeriesQuery = Type.Object({
  ...AsOfQuery.properties,
  metric: Type.String({ maxLength: 120, description: 'name, or name@version' }),
  points: Type.Integer({ default: 60, minimum: 2, maximum: 500 }),
})
export type SeriesQuestion = Static<typeof SeriesQuery>
export const CrossingsQuery = Type.Object({
  ...AsOfQuery.properties,
  with: Type.Optional(
    Type.Array(Id, { maxItems: 20, description: 'other experiments; all that share its clock and units unless told' }),
  ),
})
export type CrossingsQuestion = Static<typeof CrossingsQuery>
export const QuantilesQuery = Type.Object({
  ...AsOfQuery.properties,
  metric: Type.Optional(Type.String({ maxLength: 120 })),
  slice: Type.Optional(oneOf(SLICES)),
  curve: Type.Optional(
    Type.Boolean({ description: 'both quantile functions and the band, at every level of a percent' }),
  ),
})
export type QuantilesQuestion = Static<typeof QuantilesQuery>
export const ExportQuery = Type.Object({ ...ScorecardQuery.properties, format: oneOf(['csv', 'parquet']) })
export type ExportQuestion = Static<typeof ExportQuery>
export const MetricBody = Type.Object(
  { by: By, metric: json('a definition; see schemas/experiments/metric.ts') },
  { additionalProperties: false },
)
export const PreviewBody = Type.Object(
  {
    clock: Type.String({ default: 'live', maxLength: 64 }),
    metric: json('a definition, or the name of one'),
    plannedUnits: Type.Optional(Type.Integer({ minimum: 100 })),
  },
  { additionalProperties: false },
)
export type PreviewQuestion = Static<typeof PreviewBody>
