/** GrowthBook's own cases for SDKs (its specification 0.8): what they say is what we do. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { chooseVariation, equalWeights, rangesOf, type Range } from './bucket.ts'
import { compileCondition } from './condition.ts'
import { readExperiment } from './definition.ts'
import { assign, evaluateFeature } from './evaluate.ts'
import { compileExperiment } from './experiment.ts'
import { compileFeatures, stickyKeys } from './feature.ts'
import { hashOf } from './hash.ts'
import { compileNamespace } from './namespace.ts'
import { queryOverride } from './override.ts'
import { stickyKey, type StickyDocument } from './sticky.ts'

const CASES = join(
  process.env['PLAYLOOP_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data'),
  'ab/growthbook-sdk-cases.json',
)
const absent = existsSync(CASES)
  ? false
  : `NOT PROVED: ${CASES} is absent; set PLAYLOOP_TEST_DATA to the folder that holds ab/growthbook-sdk-cases.json`
if (absent !== false) process.stderr.write(`${absent}\n`)

type Case = readonly any[] // eslint-disable-line @typescript-eslint/no-explicit-any -- each group has a shape of its own
/** What a case gives, and what it must give. */
type Check = (given: Case) => readonly [unknown, unknown]

/** Numbers of the cases are rounded to their eighth digit at most. */
const rounded = (numbers: readonly number[]): number[] => numbers.map((number) => Math.round(number * 1e8) / 1e8)

const featureCheck: Check = ([, context, feature, expected]) => [
  evaluateFeature(compileFeatures(context), feature, context).result,
  expected,
]
const byKey = (documents: readonly StickyDocument[]): Record<string, StickyDocument> =>
  Object.fromEntries(
    documents.map((document) => [stickyKey(document.attributeName, document.attributeValue), document]),
  )

const GROUPS: Readonly<Record<string, readonly [number, Check]>> = {
  evalCondition: [
    248,
    ([, condition, attributes, expected, groups]) => [compileCondition(condition, groups)(attributes), expected],
  ],
  hash: [15, ([seed, value, version, expected]) => [hashOf(seed, version)?.(value) ?? null, expected]],
  getBucketRange: [
    13,
    ([, [count, coverage, weights], expected]) => [
      rangesOf(count, coverage, weights ?? undefined).map(rounded),
      (expected as Range[]).map(rounded),
    ],
  ],
  chooseVariation: [13, ([, bucket, ranges, expected]) => [chooseVariation(bucket, ranges), expected]],
  getQueryStringOverride: [16, ([, key, url, count, expected]) => [queryOverride(key, url, count) ?? null, expected]],
  inNamespace: [16, ([, value, namespace, expected]) => [compileNamespace(namespace)(value), expected]],
  feature: [55, featureCheck],
  run: [
    73,
    ([, context, experiment, value, inExperiment, hashUsed]) => {
      const { result } = assign(
        compileExperiment(readExperiment(experiment), context.savedGroups),
        context,
        compileFeatures(context),
      )
      return [
        [result.value, result.inExperiment, result.hashUsed],
        [value, inExperiment, hashUsed],
      ]
    },
  ],
  stickyBucket: [
    13,
    ([, context, documents, feature, expected, kept]) => {
      const [features, given] = [compileFeatures(context), byKey(documents)]
      const own = stickyKeys(features, context.attributes)
      const { result, sticky = {} } = evaluateFeature(features, feature, { ...context, sticky: given })
      return [
        [
          result.experimentResult ?? null,
          Object.fromEntries(Object.entries(sticky).filter(([key]) => own.includes(key))),
        ],
        [expected, kept],
      ]
    },
  ],
  contextualBandit: [35, featureCheck],
  getEqualWeights: [6, ([count, expected]) => [rounded(equalWeights(count)), rounded(expected)]],
}

describe('the cases of GrowthBook', { skip: absent }, () => {
  const cases =
    absent === false ? (JSON.parse(readFileSync(CASES, 'utf8')) as Readonly<Record<string, readonly Case[]>>) : {}

  it('all hold', (test) => {
    for (const [group, [count, check]] of Object.entries(GROUPS)) {
      const given = cases[group] ?? []
      assert.equal(given.length, count, `${group}: ${given.length} cases`)
      for (const each of given) {
        const [actual, expected] = check(each)
        assert.deepEqual(actual, expected, `${group}: ${JSON.stringify(each[0])}`)
      }
      test.diagnostic(`${group} ${given.length}`)
    }
    test.diagnostic(`${Object.values(GROUPS).reduce((sum, [count]) => sum + count, 0)} cases in all`)
  })
})
