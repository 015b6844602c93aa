import { Type, type Static } from 'typebox'
import { FLAG_ACTIONS } from '../../models/experiments/index.ts'
import { FLAG_STATES, FLAG_TYPES } from '../../schemas/experiments/flag.ts'

const oneOf = <T extends string>(values: readonly T[], description = '') =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description && { description }) })
const Id = Type.String({ minLength: 1, maxLength: 100 })
const By = Type.String({ minLength: 1, maxLength: 128, pattern: '\\S', description: 'who' })
const ClockName = Type.String({ minLength: 1, maxLength: 64 })
const Value = Type.Unsafe<unknown>({ description: "a value of the flag's type" })
const Condition = Type.Unsafe<Record<string, unknown>>({ type: 'object', description: "GrowthBook's condition" })
const Time = (description: string) => Type.Integer({ description: `${description}, ms of the wall clock` })
const exactly = { additionalProperties: false } as const
const Description = Type.String({ maxLength: 5_000 })

export const IdParams = Type.Object({ id: Id })
export const ListQuery = Type.Object({
  state: Type.Optional(oneOf(FLAG_STATES)),
  clock: Type.Optional(ClockName),
})
export type ListQuestion = Static<typeof ListQuery>

const Rule = Type.Object(
  {
    id: Type.Optional(Id),
    description: Type.Optional(Type.String({ maxLength: 500 })),
    force: Type.Optional(Value),
    condition: Type.Optional(Condition),
    parentConditions: Type.Optional(
      Type.Array(Type.Object({ id: Id, condition: Condition }, exactly), {
        maxItems: 20,
        description: 'prerequisites: values of other flags and experiments',
      }),
    ),
    coverage: Type.Optional(
      Type.Number({ description: 'share of the units that match, within 0 and 1; all unless told' }),
    ),
    hashAttribute: Type.Optional(Id),
    hashVersion: Type.Optional(Type.Unsafe<1 | 2>({ type: 'integer', enum: [1, 2] })),
    seed: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    clocks: Type.Optional(Type.Array(ClockName, { minItems: 1, maxItems: 20 })),
    schedule: Type.Optional(
      Type.Object(
        { from: Type.Optional(Time('from then on')), to: Type.Optional(Time('until then')) },
        { ...exactly, description: 'when the rule holds' },
      ),
    ),
    experiment: Type.Optional(Id),
    values: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({ type: 'object', description: 'a value for each variation, by its key' }),
    ),
  },
  { ...exactly, description: 'either force, a value, or experiment, the id of one' },
)
const flagFields = {
  description: Type.Optional(Description),
  owner: Type.Optional(Type.String({ maxLength: 128, description: 'who answers for it' })),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 20 })),
  clocks: Type.Optional(
    Type.Array(ClockName, { maxItems: 20, description: 'client keys that serve it; live unless told' }),
  ),
  defaultValue: Value,
  rules: Type.Optional(Type.Array(Rule, { maxItems: 100, description: 'the first that decides gives the value' })),
}
const groupFields = {
  description: Type.Optional(Description),
  values: Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Number()]), { maxItems: 100_000 }),
}
const Seen = Type.Integer({ description: 'refused unless it still stands at this revision' })

export const FlagBody = Type.Object({ by: By, id: Id, type: oneOf(FLAG_TYPES), ...flagFields }, exactly)
export const FlagChangeBody = Type.Object({ by: By, revision: Seen, ...flagFields }, exactly)
export const GroupBody = Type.Object({ by: By, id: Id, ...groupFields }, exactly)
export const GroupChangeBody = Type.Object({ by: By, revision: Seen, ...groupFields }, exactly)

export const FlagActionParams = Type.Object({ id: Id, action: oneOf(FLAG_ACTIONS) })
export const GroupActionParams = Type.Object({ id: Id, action: oneOf(['archive'] as const) })
export const ActionBody = Type.Object({ by: By, revision: Type.Optional(Seen) }, exactly)
export type ActionOrder = Static<typeof ActionBody>

export const EvaluationQuery = Type.Object({
  clock: Type.String({ default: 'live', maxLength: 64 }),
  attributes: Type.Optional(Type.String({ maxLength: 10_000, description: 'of the unit, as a JSON object' })),
  at: Type.Optional(Time('what it will be then; now unless told')),
})
export type EvaluationQuestion = Static<typeof EvaluationQuery>

const Text = Type.Union([Type.String(), Type.Null()])
export const EvaluationAnswer = Type.Object(
  {
    flag: Type.String(),
    revision: Type.Integer(),
    clock: Type.String(),
    at: Type.Integer({ description: 'ms of the wall clock' }),
    value: Type.Unsafe<unknown>({}),
    source: oneOf(
      ['unknownFeature', 'defaultValue', 'force', 'experiment', 'prerequisite', 'cyclicPrerequisite'],
      "GrowthBook's word",
    ),
    rule: Type.String({ description: "the rule that decided; '' if none did" }),
    experiment: Text,
    variation: Text,
    steps: Type.Array(
      Type.Object(
        {
          rule: Type.String(),
          outcome: oneOf(['decided', 'passed over', 'not asked', 'not in force']),
          because: Type.Union([oneOf(['condition', 'prerequisite', 'share', 'experiment']), Type.Null()]),
        },
        exactly,
      ),
    ),
  },
  exactly,
)
