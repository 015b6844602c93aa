import assert from 'node:assert/strict'
import { it } from 'node:test'
import { GrowthBook, StickyBucketService, type StickyAssignmentsDocument } from '@growthbook/growthbook'
import fc from 'fast-check'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { RegisteredFlag, RegisteredGroup } from '../../../schemas/experiments/flag.ts'
import { compileFeatures, evaluateFeature, type FeatureResult, type StickyDocuments } from '../assign/index.ts'
import { after_, draft, known } from '../definitions/testing.ts'
import { readDraft, type Served } from '../definitions/index.ts'
import { readFlag, type FlagDraft, type RuleDraft } from './check-flag.ts'
import { payloadOf } from './payload.ts'

/** Random flags, groups and experiments, as they pass our checks; random units, with sticky buckets or without. */
const SEED = 20_261_130
const [WORLDS, UNITS] = [1_000, 25]
const [CLOCK, NOW] = ['live', 1_000]
const FLAGS = ['f1', 'f2', 'f3', 'f4']

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
const present = (fields: object): object =>
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
const world = fc.record({
  flags: fc.tuple(...FLAGS.map((_, at) => flagOf(at))),
  killed: fc.subarray(FLAGS.slice(), { maxLength: 1 }),
  groups: fc.tuple(members, members),
  experiments: fc.tuple(experimentOf('x1'), experimentOf('x2')),
  units: fc.array(fc.record({ attributes: unit, sticky }), { minLength: UNITS, maxLength: UNITS }),
})
type World = typeof world extends fc.Arbitrary<infer T> ? T : never

const sound = <T extends object>(read: T | readonly unknown[]): T => {
  assert.ok(!Array.isArray(read), JSON.stringify(read))
  return read as T
}

/** What is served of a world; a layer that two experiments would share is the first one's. */
function servedOf({ flags, killed, groups, experiments }: World): Served {
  const saved = groups.map((values, at): RegisteredGroup => ({
    ...{ id: `g${at + 1}`, description: '', values: values as string[], state: 'active' },
    ...{ revision: 0, action: 'create', by: '', at: 0 },
  }))
  const ids = saved.map(({ id }) => id)
  const running = experiments.map(({ killed: isKilled, ...over }, at): RegisteredExperiment => {
    const variations = ['a', 'b', 'c'].map((key) => ({ key }))
    const { minBucketVersion = 0, bucketVersion = 0, ...rest } = over.bucketing
    const layer = at === 0 ? {} : { namespace: undefined }
    const own = { ...rest, ...layer, bucketVersion, minBucketVersion: Math.min(minBucketVersion, bucketVersion) }
    const read = sound(readDraft(draft({ ...over, variations, bucketing: present(own) }), { ...known, groups: ids }))
    const started = after_(read as RegisteredExperiment, { action: 'start', caps: {} })
    return isKilled ? after_(started, { action: 'kill' }) : started
  })
  const read: RegisteredFlag[] = []
  for (const each of flags) {
    const rules = each.rules?.map(inOrder)
    const flag = sound(
      readFlag({ ...each, ...(rules && { rules }) }, { experiments: running, flags: read, groups: ids }),
    )
    read.push({ ...flag, killed: killed.includes(flag.id) })
  }
  return { experiments: running, groups: saved, flags: read }
}

/** A schedule that ends after it begins. */
function inOrder({ schedule, ...rule }: RuleDraft): RuleDraft {
  if (schedule === undefined) return rule
  const { from, to } = schedule
  return { ...rule, schedule: from !== undefined && to !== undefined && to <= from ? { from } : schedule }
}

/** A unit's own sticky documents. */
function documentsOf({ attributes, sticky: told }: World['units'][number]): StickyDocuments | undefined {
  if (told === null) return undefined
  const documents: Record<string, StickyAssignmentsDocument> = {}
  for (const { attributeName, experiment, version, variation } of told) {
    const value = (attributes as Record<string, unknown>)[attributeName]
    // What identifies nobody has no document.
    if (!value) continue
    const attributeValue = String(value)
    const key = `${attributeName}||${attributeValue}`
    documents[key] = {
      ...{ attributeName, attributeValue },
      assignments: { ...documents[key]?.assignments, [`${experiment}__${version}`]: variation },
    }
  }
  return documents
}

/** The documents are given; what an evaluation adds stays in the SDK. */
class Kept extends StickyBucketService {
  override getAssignments = (): Promise<null> => Promise.resolve(null)
  override saveAssignments = (): Promise<void> => Promise.resolve()
}

/** What must agree. */
const told = ({
  value,
  source,
  ruleId,
  experiment,
  experimentResult,
}: ReturnType<GrowthBook['evalFeature']> | FeatureResult) => [
  ...[value, source, ruleId, experiment?.key],
  ...[experimentResult?.variationId, experimentResult?.bucket, experimentResult?.stickyBucketUsed],
]

it("GrowthBook's own SDK and we agree on 100,000 random evaluations: value, source, rule and experiment", (test) => {
  const counts: Record<string, number> = {}
  let evaluations = 0
  for (const each of fc.sample(world, { numRuns: WORLDS, seed: SEED })) {
    const served = servedOf(each)
    const payload = JSON.parse(JSON.stringify(payloadOf(served, CLOCK, NOW))) as Record<string, unknown>
    const features = compileFeatures(payload)
    for (const one of each.units) {
      const documents = documentsOf(one)
      const attributes = one.attributes as Record<string, unknown>
      const sdk = new GrowthBook({
        attributes,
        ...(documents && {
          stickyBucketAssignmentDocs: structuredClone(documents) as Record<string, StickyAssignmentsDocument>,
          stickyBucketService: new Kept(),
        }),
      }).initSync({ payload: payload as never })
      let sticky = documents
      for (const id of FLAGS) {
        const theirs = sdk.evalFeature(id)
        const evaluation = evaluateFeature(features, id, { attributes, ...(sticky && { sticky }) })
        const ours = evaluation.result
        assert.deepEqual(told(ours), told(theirs), JSON.stringify({ id, attributes, sticky, payload }))
        sticky = evaluation.sticky
        if (sticky !== undefined) assert.deepEqual(sticky, sdk.getStickyBucketAssignmentDocs())
        const kind = ours.experimentResult?.stickyBucketUsed === true ? 'sticky' : ours.source
        counts[kind] = (counts[kind] ?? 0) + 1
        evaluations++
      }
      sdk.destroy()
    }
  }
  test.diagnostic(`${evaluations} evaluations agree: ${JSON.stringify(counts)}`)
  assert.equal(evaluations, 100_000)
  for (const kind of ['force', 'experiment', 'sticky', 'defaultValue'])
    assert.ok((counts[kind] ?? 0) > 1_000, `${kind}: ${counts[kind]}`)
})
