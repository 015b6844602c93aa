import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { GrowthBook, setPolyfills, type TrackingCallback } from '@growthbook/growthbook'
import { OpenFeature, OpenFeatureEventEmitter, ProviderEvents } from '@openfeature/server-sdk'
import { EventSource } from 'undici'
import { allMigrations } from '../../bin/composition.ts'
import { assignment } from '../../models/experiments/index.ts'
import { systemClock } from '../../platform/clock.ts'
import { openEmbedded } from '../../platform/clickhouse/embedded.ts'
import { migrate, type Store } from '../../platform/clickhouse/index.ts'
import { readConfig } from '../../platform/config.ts'
import { silentLogger } from '../../platform/logger.ts'
import { openMetrics } from '../../platform/metrics.ts'
import { PlayloopProvider } from '../../sdk/openfeature/server.ts'
import { startTestApi, type TestApi } from '../../test/api-harness.ts'
import type { Assignment } from './service.ts'

describe('features for applications', () => {
  const dir = mkdtempSync(join(tmpdir(), 'playloop-api-features-'))
  let [store, api]: [Store, TestApi] = [undefined!, undefined!]
  const post = async (path: string, body: object = {}): Promise<void> => {
    const response = await fetch(`${api.url}/v1/experiments${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada', ...body }),
    })
    assert.ok(response.ok, await response.text())
  }
  const draft = (id: string, more: object = {}) => ({
    id,
    name: id,
    unit: 'profile',
    variations: [{ key: 'a' }, { key: 'b' }],
    metrics: { primary: ['watch_time'] },
    plannedUnits: 1_000,
    ...more,
  })
  const assignments = async (unit: string, attributes = {}): Promise<Assignment[]> => {
    const response = await fetch(
      `${api.url}/v1/experiments/assignments?unit=${unit}&attributes=${encodeURIComponent(JSON.stringify(attributes))}`,
    )
    return ((await response.json()) as { assignments: Assignment[] }).assignments
  }
  const payload = async (): Promise<assignment.Payload & { features: object }> =>
    (await fetch(`${api.url}/api/features/live`)).json() as Promise<assignment.Payload & { features: object }>

  before(async () => {
    store = await openEmbedded({ dataDir: join(dir, 'clickhouse'), database: 'playloop' })
    await migrate(store, allMigrations)
    api = await startTestApi(
      {
        config: { ...readConfig({}), host: '127.0.0.1', port: 0, dataDir: dir },
        clock: systemClock,
        logger: silentLogger,
        metrics: openMetrics(),
      },
      { store },
    )
    await post('', draft('plain'))
    await post(
      '',
      draft('three', {
        variations: [
          { key: 'a', weight: 0.5 },
          { key: 'b', weight: 0.3 },
          { key: 'c', weight: 0.2 },
        ],
        bucketing: {
          coverage: 0.7,
          hashVersion: 1,
          namespace: ['layer', 0, 0.8],
          condition: { country: { $in: ['DE', 'FR'] }, age: { $gt: 20 } },
        },
      }),
    )
    await post('', draft('idle'))
    for (const id of ['plain', 'three']) await post(`/${id}/start`)
  })
  after(async () => {
    await OpenFeature.close()
    await api.stop()
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const unitOf = (n: number) => ({ id: `profile-${n}`, country: ['DE', 'FR', 'NL'][n % 3]!, age: 10 + (n % 50) })

  it("are read by GrowthBook's own SDK, which agrees on 10,000 units", async () => {
    const [sdk, features] = [
      new GrowthBook({ apiHost: api.url, clientKey: 'live' }),
      assignment.compileFeatures(await payload()),
    ]
    await sdk.init({ timeout: 2_000 })
    const counts: Record<string, number> = {}
    for (let n = 0; n < 10_000; n++) {
      await sdk.setAttributes(unitOf(n))
      for (const id of ['plain', 'three']) {
        const [theirs, ours] = [
          sdk.evalFeature(id),
          assignment.evaluateFeature(features, id, { attributes: unitOf(n) }).result,
        ]
        assert.deepEqual(
          [theirs.value, theirs.source, theirs.experimentResult?.bucket],
          [ours.value, ours.source, ours.experimentResult?.bucket],
          `${id} ${n}`,
        )
        const key = `${id} ${ours.source === 'experiment' ? String(ours.value) : 'out'}`
        counts[key] = (counts[key] ?? 0) + 1
      }
    }
    assert.deepEqual(Object.keys(counts).sort(), ['plain a', 'plain b', 'three a', 'three b', 'three c', 'three out'])
    assert.ok(Math.abs(counts['plain a']! - 5_000) < 200, JSON.stringify(counts))
    sdk.destroy()
  })

  it("stand behind a holdout, share a layer, and are forced on testers: as GrowthBook's own SDK reads them", async () => {
    await post(
      '',
      draft('holdout', {
        variations: [
          { key: 'in', weight: 0.9 },
          { key: 'held-out', weight: 0.1 },
        ],
      }),
    )
    await post(
      '',
      draft('behind', {
        bucketing: {
          parentConditions: [{ id: 'holdout', condition: { value: 'in' } }],
          filters: [
            {
              seed: 'layer',
              ranges: [
                [0, 0.3],
                [0.5, 0.8],
              ],
            },
          ],
        },
        forced: [{ condition: { id: { $in: ['profile-1'] } }, variation: 'b' }],
      }),
    )
    for (const id of ['holdout', 'behind']) await post(`/${id}/start`)
    const told = await payload()
    const features = assignment.compileFeatures(told)
    const sdk = new GrowthBook().initSync({ payload: told as never })
    const counts: Record<string, number> = {}
    for (let n = 0; n < 2_000; n++) {
      await sdk.setAttributes(unitOf(n))
      const [theirs, { result, exposures }] = [
        sdk.evalFeature('behind'),
        assignment.evaluateFeature(features, 'behind', { attributes: unitOf(n) }),
      ]
      assert.deepEqual([theirs.value, theirs.source], [result.value, result.source], String(n))
      const isHeldOut = exposures.some(({ result: { key } }) => key === 'held-out')
      assert.ok(!isHeldOut || result.source !== 'experiment')
      const key = isHeldOut ? 'held out' : result.source
      counts[key] = (counts[key] ?? 0) + 1
    }
    assert.equal(counts['force'], 1)
    assert.deepEqual(
      (await assignments('profile-1')).find(({ experiment }) => experiment === 'behind'),
      { experiment: 'behind', in_experiment: false, variation: 1, key: 'b', exposure: null },
    )
    assert.ok(Math.abs(counts['experiment']! - 2_000 * 0.6 * 0.9) < 120, JSON.stringify(counts))
    const refused = await fetch(`${api.url}/v1/experiments/holdout/stop`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada' }),
    })
    assert.equal(refused.status, 200)
    const archived = await fetch(`${api.url}/v1/experiments/holdout/archive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'ada' }),
    })
    assert.match(await archived.text(), /behind asks for its value first/)
    for (const path of ['/behind/stop', '/behind/archive', '/holdout/archive']) await post(path)
    sdk.destroy()
  })

  it('are answered for one unit, with the exposure to send', async () => {
    const [sdk, told] = [
      new GrowthBook({ attributes: unitOf(1) }).initSync({ payload: (await payload()) as never }),
      await assignments('profile-1', unitOf(1)),
    ]
    for (const { experiment, key } of told) assert.equal(sdk.getFeatureValue(experiment, ''), key)
    const plain = told.find(({ experiment }) => experiment === 'plain')!
    assert.deepEqual(
      { ...plain.exposure, bucket_ppm: 0 },
      {
        clock: 'live',
        unit_type: 'profile',
        unit_id: 'profile-1',
        experiment_id: 'plain',
        phase: 0,
        variation: plain.variation,
        variation_key: plain.key,
        feature_key: 'plain',
        hash_attribute: 'id',
        bucket_ppm: 0,
        source: 'assignment',
      },
    )
    assert.deepEqual(
      (await assignments('profile-2', { country: 'NL' })).find(({ experiment }) => experiment === 'three'),
      { experiment: 'three', in_experiment: false, variation: 0, key: 'a', exposure: null },
    )
    assert.equal((await fetch(`${api.url}/v1/experiments/assignments?unit=x&attributes=[`)).status, 400)
    assert.deepEqual(Object.keys((await payload()).features).sort(), ['plain', 'three'])
  })

  it("reach SDKs as they change: a kill switch within seconds, by GrowthBook's stream and by OpenFeature's provider", async () => {
    setPolyfills({ EventSource })
    const tracked: string[] = []
    const trackingCallback: TrackingCallback = ({ key }) => void tracked.push(key)
    const [sdk, events, exposures] = [
      new GrowthBook({ apiHost: api.url, clientKey: 'live', attributes: unitOf(3), trackingCallback }),
      new OpenFeatureEventEmitter(),
      [] as { unit_id: string; experiment_id: string }[],
    ]
    await sdk.init({ timeout: 2_000, streaming: true })
    const provider = new PlayloopProvider({
      api: api.url,
      key: 'live',
      collector: '',
      events,
      send: (_, event) => void exposures.push(JSON.parse(event) as (typeof exposures)[number]),
    })
    await OpenFeature.setProviderAndWait(provider)
    const client = OpenFeature.getClient()
    const changed = new Promise<unknown>((done) => client.addHandler(ProviderEvents.ConfigurationChanged, done))
    const details = await client.getStringDetails('plain', 'none', { targetingKey: 'profile-3' })
    assert.deepEqual(
      [details.value, details.reason, details.variant],
      [sdk.getFeatureValue('plain', ''), 'SPLIT', details.value],
    )
    await client.getStringDetails('plain', 'none', { targetingKey: 'profile-3' })
    await client.getStringDetails('plain', 'none', { targetingKey: 'profile-4' })
    assert.deepEqual([exposures.map(({ unit_id: id }) => id), tracked], [['profile-3', 'profile-4'], ['plain']])
    await post('/plain/kill')
    await changed
    for (let look = 0; sdk.evalFeature('plain').source !== 'defaultValue'; look++) {
      assert.ok(look < 100, 'GrowthBook heard nothing')
      await systemClock.sleep(50)
    }
    assert.equal((await client.getStringDetails('plain', 'none', { targetingKey: 'profile-3' })).reason, 'STATIC')
    sdk.destroy()
  })

  it('are evaluated in milliseconds, whatever pattern a condition has; what needs backtracking is refused', async () => {
    await post('', draft('attack', { bucketing: { condition: { id: { $regex: '^(a+)+$' } } } }))
    await post('/attack/start')
    const started = performance.now()
    const told = await assignments(`${'a'.repeat(60)}!`)
    const took = performance.now() - started
    assert.ok(took < 500, `${took} ms`)
    const isIn = (all: readonly Assignment[]): boolean | undefined =>
      all.find(({ experiment }) => experiment === 'attack')?.in_experiment
    assert.deepEqual([isIn(told), isIn(await assignments('a'.repeat(60)))], [false, true])
    const refused = await fetch(`${api.url}/v1/experiments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        by: 'ada',
        ...draft('behind', { bucketing: { condition: { id: { $regex: '(?=a)' } } } }),
      }),
    })
    assert.equal(refused.status, 422)
    assert.match(await refused.text(), /bucketing\.condition.*looks ahead or behind/)
  })
})
