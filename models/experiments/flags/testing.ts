import fc from 'fast-check'
import type { FlagDraft, RuleDraft } from './check-flag.ts'

/** Random flags, groups, experiments and units, for tests. */
const UNITS = 25
export const FLAGS = ['f1', 'f2', 'f3', 'f4']

const word = fc.constantFrom('ada', 'bob', 'Eve', 'DE', 'fr', '', '0', '1', '2.10.0', 'v1.2.3-rc.1', 'null')
const number = fc.constantFrom(-1, 0, 1, 2, 7, 21, 0.5)
const scalar = fc.oneof(word, number, fc.boolean(), fc.constant(null))
const path = fc.constantFrom('id', 'country', 'age', 'tags', 'app.version', 'gone')
const groupId = fc.constantFrom('g1', 'g2')
const inGroup = fc.record({ $inGroup: groupId })
const list = fc.array(scalar, { maxLength: 4 })
const operators = fc.letrec<{ value: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.record({ [`$in`]: list }),
    ...['$eq', '$ne', '$lt', '$lte', '$gt', '$gte'].map((name) => fc.record({ [name]: scalar })),
    ...['$nin', '$ini', '$nini', '$all', '$alli'].map((name) => fc.record({ [name]: list })),
    ...['$veq', '$vne', '$vlt', '$vlte', '$vgt', '$vgte'].map((name) => fc.record({ [name]: word })),
    fc.record({ $exists: fc.boolean() }),
    fc.record({ $type: fc.constantFrom('string', 'number', 'boolean', 'array', 'object', 'null') }),
    inGroup,
    fc.record({ $notInGroup: groupId }),
    fc.record({ $size: fc.oneof(number, fc.record({ $gt: number })) }),
    fc.record({ $regex: fc.constantFrom('^a', '[0-9]+', 'E|e', 'b$') }),
    fc.record({ $regexi: fc.constantFrom('^E', 'd.') }),
    fc.record({ $not: tie('value') }),
    fc.record({ $elemMatch: tie('value') }),
    fc.tuple(tie('value'), tie('value')).map(([a, b]) => ({ ...a, ...b })),
  ),
})).value
const condition = fc.letrec<{ whole: Record<string, unknown> }>((tie) => ({
  whole: fc.oneof(
    { maxDepth: 2 },
    fc.dictionary(path, fc.oneof(scalar, operators, operators), { minKeys: 1, maxKeys: 2 }),
    fc.record({ $or: fc.array(tie('whole'), { maxLength: 2 }) }),
    fc.record({ $nor: fc.array(tie('whole'), { minLength: 1, maxLength: 2 }) }),
    fc.record({ $and: fc.array(tie('whole'), { maxLength: 2 }) }),
    fc.record({ $not: tie('whole') }),
  ),
})).whole

const share = fc.integer({ min: 0, max: 1_000 }).map((part) => part / 1_000)
const attribute = fc.constantFrom('id', 'device', 'country')
const time = fc.integer({ min: 0, max: 2_000 })
const optional = { requiredKeys: [] as never[] }
/** A field that is there once in `of` times. */
const rare = <T>(field: fc.Arbitrary<T>, of: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: field, weight: 1 }, { arbitrary: fc.constant(undefined), weight: of - 1 })
const valueCondition = fc.record({
  value: fc.oneof(fc.boolean(), fc.constantFrom('a', 'b'), word, fc.constant({ $exists: true }), inGroup, operators),
})
const prerequisites = (ids: readonly string[]) =>
  fc.array(fc.record({ id: fc.constantFrom(...ids), condition: valueCondition }), { minLength: 1, maxLength: 2 })
const forceOf = (at: number, value: fc.Arbitrary<unknown>): fc.Arbitrary<RuleDraft> =>
  fc
    .record({
      force: value,
      more: fc.record(
        {
          condition,
          parentConditions: rare(prerequisites(['x1', 'x2', ...FLAGS.slice(0, at)]), 3),
          schedule: fc.record({ from: time, to: time }, optional),
        },
        optional,
      ),
      rollout: fc.option(
        fc
          .record({ coverage: share })
          .chain((always) =>
            fc
              .record(
                { hashAttribute: attribute, hashVersion: fc.constantFrom(1 as const, 2 as const), seed: word },
                optional,
              )
              .map((more) => ({ ...always, ...more })),
          ),
        { nil: {} },
      ),
    })
    .map(({ force, more, rollout }) => present({ force, ...more, ...rollout }) as RuleDraft)
export const present = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
const VALUES = {
  boolean: fc.boolean(),
  number,
  string: word,
  json: fc.oneof(fc.array(number, { maxLength: 2 }), fc.record({ size: number })),
}
const flagOf = (at: number): fc.Arbitrary<FlagDraft> =>
  fc.constantFrom('boolean' as const, 'number' as const, 'string' as const, 'json' as const).chain((type) => {
    const value: fc.Arbitrary<unknown> = VALUES[type]
    const force = forceOf(at, value)
    const experiment = fc.record({
      experiment: fc.constantFrom('x1', 'x2'),
      values: fc.record({ a: value, b: value, c: value }),
    })
    return fc.record({
      id: fc.constant(FLAGS[at]!),
      type: fc.constant(type),
      defaultValue: value,
      rules: fc.array(fc.oneof(force, experiment), { minLength: 1, maxLength: 5 }),
    })
  })

const layer = fc.constant([
  {
    seed: 's',
    ranges: [
      [0, 0.4],
      [0.6, 0.9],
    ] as const,
    attribute: 'device',
  },
])
const bucketing = fc.record(
  {
    coverage: fc.oneof(share, fc.constant(1)),
    hashAttribute: attribute,
    hashVersion: fc.constantFrom(1 as const, 2 as const),
    fallbackAttribute: fc.constantFrom('device', 'country'),
    condition: rare(condition, 3),
    namespace: fc.constantFrom(['layer', 0, 0.7] as const, ['layer', 0.2, 1] as const),
    filters: rare(layer, 3),
    bucketVersion: fc.constantFrom(1, 2),
    minBucketVersion: fc.constantFrom(0, 1),
    disableStickyBucketing: fc.boolean(),
  },
  optional,
)
/** Without a fallback of its own the SDK looks up the sticky buckets of `id`, and we do not (assign/README.md). */
const withFallback = <T extends { readonly hashAttribute?: string }>(fields: T): T => ({
  ...(fields.hashAttribute !== undefined && { fallbackAttribute: 'id' }),
  ...fields,
})
const forced = fc.array(fc.record({ condition: fc.record({ country: word }), variation: fc.constantFrom('a', 'b') }), {
  maxLength: 1,
})
const experimentOf = (id: string) =>
  fc.record({
    id: fc.constant(id),
    bucketing: bucketing.map(withFallback),
    forced,
    killed: fc.constantFrom(false, false, false, true),
  })

const unit = fc.record(
  {
    id: fc.oneof(
      fc.integer({ min: 0, max: 10_000 }).map((n) => `u${n}`),
      scalar,
    ),
    device: fc.oneof(word, fc.integer({ min: 0, max: 99 })),
    country: word,
    age: number,
    tags: list,
    app: fc.record({ version: word }),
  },
  optional,
)
const sticky = fc.option(
  fc.array(
    fc.record({
      attributeName: attribute,
      experiment: fc.constantFrom('x1', 'x2'),
      version: fc.integer({ min: 0, max: 2 }),
      variation: fc.constantFrom('a', 'b', 'c', 'gone'),
    }),
    { minLength: 2, maxLength: 6 },
  ),
)
const members = fc.array(fc.oneof(scalar, fc.constantFrom('a', 'b')), { maxLength: 4 })
export const world = fc.record({
  flags: fc.tuple(...FLAGS.map((_, at) => flagOf(at))),
  killed: fc.subarray(FLAGS.slice(), { maxLength: 1 }),
  groups: fc.tuple(members, members),
  experiments: fc.tuple(experimentOf('x1'), experimentOf('x2')),
  units: fc.array(fc.record({ attributes: unit, sticky }), { minLength: UNITS, maxLength: UNITS }),
})
export type World = typeof world extends fc.Arbitrary<infer T> ? T : never
