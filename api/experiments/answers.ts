import { Type, type Static, type TSchema } from 'typebox'
import { VERDICTS } from '../../models/experiments/index.ts'
import { SLICES, STATES, UNIT_TYPES } from '../../schemas/experiments/experiment.ts'

/** Schemas of answers about results; web/api-types.ts is generated from them. */
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()])
const oneOf = <T extends string>(values: readonly T[], description = '') =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description && { description }) })
const Num = Nullable(Type.Number())
const Ends = Type.Unsafe<readonly [number | null, number | null]>({
  type: 'array',
  items: { anyOf: [{ type: 'number' }, { type: 'null' }] },
  minItems: 2,
  maxItems: 2,
  description: 'lower and upper end; null = open',
})
const exactly = { additionalProperties: false } as const

const basis = {
  experiment: Type.String(),
  revision: Type.Integer(),
  clock: Type.String(),
  watermark: Type.Number({ description: "moment of the results, ms of the experiment's clock" }),
  offsets: Type.Array(
    Type.Object({ topic: Type.String(), partition: Type.Integer(), offset: Type.Integer() }, exactly),
    { description: 'up to where the log is counted' },
  ),
  settled: Type.Boolean({ description: 'false: something landed that is not counted yet' }),
  metrics: Type.Array(Type.String()),
}

const Size = Nullable(
  Type.Object(
    { effect: Type.Number(), se: Type.Number(), interval: Ends },
    { ...exactly, description: 'effect, standard error, interval that holds at any time' },
  ),
)
const Pair = Type.Object({ control: Type.Number(), treatment: Type.Number() }, exactly)
const ScoreCell = Type.Object(
  {
    family: oneOf(['primary', 'guardrail', 'secondary', 'exploratory']),
    metric: Type.String(),
    version: Type.Integer(),
    variation: Type.Integer({ description: 'index of the arm that is compared with the control' }),
    slice: Nullable(Type.Object({ name: oneOf(SLICES), value: Type.String(), adHoc: Type.Boolean() }, exactly)),
    units: Pair,
    openUnits: Type.Integer({ description: 'units of the arm whose window is still open' }),
    control: Num,
    treatment: Num,
    gate: Type.Object({ open: Type.Boolean(), reason: Type.String(), unitsNeeded: Type.Number() }, exactly),
    absolute: Size,
    relative: Size,
    p: Num,
    logE: Num,
    plannedUnits: Type.Number(),
    adjustment: Type.Unsafe<object | null>({
      anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
    }),
    reason: Type.String({ description: 'why there is no result; empty if there is one' }),
    guardrail: Nullable(oneOf(['not inferior', 'inferior', 'undecided'])),
    noDifference: Nullable(Type.Boolean()),
    discovery: Type.Boolean(),
    adjustedP: Nullable(Type.Object({ holm: Type.Number(), benjaminiHochberg: Type.Number() }, exactly)),
    firstEvents: Nullable(
      Type.Object({ control: Type.Number(), treatment: Type.Number(), logE: Num, ratio: Ends }, exactly),
    ),
    detectable: Num,
    unitsToJoin: Num,
    once: Nullable(
      Type.Object(
        { interval: Ends, p: Type.Number(), relative: Nullable(Ends), chanceToWin: Type.Number(), risk: Pair },
        exactly,
      ),
    ),
  },
  exactly,
)
export const ScorecardAnswer = Type.Object({ ...basis, cells: Type.Array(ScoreCell) }, exactly)

const verdict = {
  verdict: oneOf(VERDICTS),
  variation: Nullable(Type.Integer({ description: 'index of the arm it is about; null = all' })),
  headline: Type.String({ description: 'the verdict and its first reason, in words' }),
  reasons: Type.Array(Type.String()),
}
const Decision = Type.Object(
  {
    ...verdict,
    facts: Type.Array(Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }), {
      description: 'the reasons as data',
    }),
    arms: Type.Array(Type.Object(verdict, exactly)),
  },
  exactly,
)
export const DecisionAnswer = Type.Object({ ...basis, decision: Decision }, exactly)
export type Decided = Static<typeof Decision>

const Overview = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    state: oneOf(STATES),
    killed: Type.Boolean(),
    clock: Type.String(),
    unit: oneOf(UNIT_TYPES),
    owner: Type.String(),
    tags: Type.Array(Type.String()),
    variations: Type.Array(Type.String(), { description: 'names, the control first' }),
    startedAt: Num,
    stoppedAt: Num,
    days: Nullable(Type.Number({ description: 'days of its clock that it has run' })),
    units: Type.Integer({ description: 'units exposed so far' }),
    primary: Nullable(
      Type.Object(
        { metric: Type.String(), name: Type.String(), better: oneOf(['up', 'down']), relative: Size },
        { ...exactly, description: 'first primary metric of the arm that the verdict is about' },
      ),
    ),
    healthy: Nullable(Type.Boolean()),
    verdict: Nullable(oneOf(VERDICTS, 'null: not computed yet, or nothing to judge')),
    headline: Type.String(),
  },
  exactly,
)
export const OverviewAnswer = Type.Object({ experiments: Type.Array(Overview), total: Type.Integer() }, exactly)
export type OverviewRow = Static<typeof Overview>

const Reached = Type.Array(
  Type.Object(
    {
      value: Type.String(),
      units: Type.Number(),
      in: Type.Number({ description: 'those of them that would take part' }),
    },
    exactly,
  ),
)
const MetricOutlook = Type.Object(
  {
    metric: Type.String({ description: 'key of the definition' }),
    name: Type.String(),
    unit: Type.String(),
    window_days: Type.Number(),
    past: Nullable(
      Type.Object({
        units: Type.Number(),
        mean: Type.Number(),
        variance: Type.Number(),
        nonzero: Type.Number({ description: 'units with an outcome that is not zero' }),
        skewness: Type.Number(),
        percentiles: Type.Array(Type.Number(), { description: "p50, p90 and p99 of units' totals" }),
      }),
    ),
    reason: oneOf(['', 'no data', 'quantiles have no plan']),
    days: Type.Array(
      Type.Object(
        {
          day: Type.Integer({ description: 'after the start' }),
          units: Type.Number({ description: 'of both arms whose window has closed' }),
          effect: Nullable(
            Type.Number({
              description: 'relative; found with power 0.8 as a discovery. Null: no interval is shown so early',
            }),
          ),
        },
        exactly,
      ),
    ),
  },
  exactly,
)
export type MetricOutlook = Static<typeof MetricOutlook>
export const OutlookAnswer = Type.Object(
  {
    clock: Type.String(),
    now: Type.Number({ description: 'ms of the clock' }),
    observed_days: Type.Number({ description: 'at most 14; later days are extrapolated from the later half of them' }),
    planned_units: Type.Number(),
    audience: Type.Object(
      {
        units: Type.Number({ description: 'of the last seven days' }),
        in: Type.Number(),
        country: Reached,
        device: Reached,
        unknown: Type.Array(Type.String(), { description: 'attributes of the condition that history does not have' }),
        sampled: Type.Number({ description: 'one in so many units was read' }),
      },
      exactly,
    ),
    metrics: Type.Array(MetricOutlook),
  },
  exactly,
)
export type OutlookAnswer = Static<typeof OutlookAnswer>
