import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  ALL_METRICS,
  CONCURRENCY_METRICS,
  currentId,
  DETECTION_METRICS,
  METRIC_REGISTRY,
  MINUTE_METRICS,
  OLD_IDS,
  parseId,
  replacementOf,
  SESSION_FAMILIES,
  UNIT_METRICS,
} from './index.ts'

const FAMILIES: readonly object[] = [
  ...Object.values(SESSION_FAMILIES),
  CONCURRENCY_METRICS,
  MINUTE_METRICS,
  UNIT_METRICS,
  DETECTION_METRICS,
]

describe('the registry of metrics', () => {
  it('has each id once, in one family', () => {
    const ids = FAMILIES.flatMap((metrics) => Object.keys(metrics))
    assert.deepEqual(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
    )
    assert.equal(ids.length, ALL_METRICS.length)
    for (const [id, entry] of Object.entries(METRIC_REGISTRY)) assert.equal(entry.id, id)
  })

  it('has no two metrics that mean the same', () => {
    const meanings = ALL_METRICS.map(({ population, numerator, denominator, bookedTo, estimator, cap }) =>
      JSON.stringify([population, numerator, denominator, bookedTo, estimator, cap]),
    )
    // A score is told apart by its formula.
    const same = ALL_METRICS.filter(({ unit }, at) => unit !== 'points' && meanings.indexOf(meanings[at]!) !== at)
    assert.deepEqual(
      same.map(({ id }) => id),
      [],
    )
  })

  it('has ids whose parts say what the entry says', () => {
    for (const { id, bookedTo, estimator, cap } of ALL_METRICS) {
      const parts = parseId(id) ?? assert.fail(id)
      if (parts.population !== undefined)
        assert.equal(bookedTo, { minute: 'minute', unit: 'exposure window' }[parts.population], id)
      if (parts.estimator !== undefined && !id.includes('.unit.mean')) assert.equal(estimator, parts.estimator, id)
      if (parts.cap !== undefined) assert.match(cap ?? '', new RegExp(`^${100 * parts.cap}th percentile`), id)
    }
  })

  it('says of every metric who counts, what is divided by what, and where that comes from', () => {
    for (const entry of ALL_METRICS) {
      const { id, servedBy, denominator, estimator } = entry
      for (const field of ['title', 'definition', 'population', 'numerator', 'source'] as const)
        assert.match(entry[field], /\w/, `${id}: ${field}`)
      assert.ok(servedBy.length > 0, id)
      const alone = ['count', 'p50', 'p95', 'quantiles', 'peak'].includes(estimator)
      assert.ok(alone || denominator !== null, `${id}: ${estimator} of what`)
    }
  })
})

describe('ids of metrics', () => {
  it('are read part by part', () => {
    assert.deepEqual(parseId('startup.unit.mean.cap99:cta2066'), {
      name: 'startup',
      population: 'unit',
      estimator: 'mean',
      cap: 0.99,
      definition: 'cta2066',
    })
    assert.deepEqual(parseId('watch_time.unit.cap999:playloop')?.cap, 0.999)
    assert.deepEqual(parseId('click_through'), { name: 'click_through' })
    for (const name of ['', 'Startup', 'startup.p42', 'startup.mean.minute', 'startup.cap1', 'a:b', 'a b'])
      assert.equal(parseId(`${name}:cta2066`), undefined, name)
  })

  it('that are old lead to one that there is, each in the service that answered it', () => {
    for (const [service, ids] of Object.entries(OLD_IDS))
      for (const [old, id] of Object.entries(ids)) {
        const entry = METRIC_REGISTRY[id as keyof typeof METRIC_REGISTRY]
        assert.ok(entry.servedBy.includes(service as 'sessions'), `${old}: ${id} is not answered by ${service}`)
        assert.equal(replacementOf(service as 'sessions', old), id)
        assert.equal(currentId(service as 'sessions', id), id)
      }
    assert.equal(replacementOf('sessions', 'rebuffer_ratio:cta2066'), undefined)
    assert.equal(replacementOf('sessions', 'toString'), undefined)
  })
})
