import assert from 'node:assert/strict'
import { it } from 'node:test'
import { GrowthBook, StickyBucketService, type StickyAssignmentsDocument } from '@growthbook/growthbook'
import fc from 'fast-check'
import type { RegisteredExperiment } from '../../../schemas/experiments/experiment.ts'
import type { RegisteredFlag, RegisteredGroup } from '../../../schemas/experiments/flag.ts'
import { compileFeatures, evaluateFeature, type FeatureResult, type StickyDocuments } from '../assign/index.ts'
import { after_, draft, known } from '../definitions/testing.ts'
import { readDraft, type Served } from '../definitions/index.ts'
import { readFlag, type RuleDraft } from './check-flag.ts'
import { payloadOf } from './payload.ts'
import { FLAGS, present, world, type World } from './testing.ts'

/** Random flags, groups and experiments, as they pass our checks; random units, with sticky buckets or without. */
const SEED = 20_261_130
const WORLDS = 1_000
const [CLOCK, NOW] = ['live', 1_000]
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
    const started = after_(read, { action: 'start', caps: {} })
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
    const value = (attributes as Record<string, string | number>)[attributeName]
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
}: ReturnType<GrowthBook['evalFeature']> | FeatureResult): unknown[] => [
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
          stickyBucketAssignmentDocs: structuredClone(documents),
          stickyBucketService: new Kept(),
        }),
      }).initSync({ payload: payload })
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
