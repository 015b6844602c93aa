import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GrowthBook, LocalStorageStickyBucketService } from '@growthbook/growthbook'
import { OpenFeature } from '@openfeature/web-sdk'
import { resolveRemote, resolveSticky, storageBuckets } from './buckets.ts'
import { createResolver, type Flags } from './resolve.ts'
import { PlayloopWebProvider } from './web.ts'

/** An experiment with its arms' weights, behind a holdout where `held` says so. */
const flags = (weights: readonly number[], more: object = {}): Flags => ({
  features: {
    holdout: {
      defaultValue: 'in',
      rules: [
        {
          key: 'holdout',
          variations: ['in', 'held-out'],
          meta: [{ key: 'in' }, { key: 'held-out' }],
          weights: [0.8, 0.2],
          hashVersion: 2,
        },
      ],
    },
    buttons: {
      defaultValue: 'a',
      rules: [
        {
          key: 'buttons',
          variations: ['a', 'b'],
          meta: [{ key: 'a' }, { key: 'b' }],
          weights,
          hashVersion: 2,
          ...more,
        },
      ],
    },
  },
  playloop: {
    buttons: { unit: 'profile', phase: 1, variations: ['a', 'b'] },
    holdout: { unit: 'profile', phase: 0, variations: ['in', 'held-out'] },
  },
})
const units = Array.from({ length: 300 }, (_, n) => `profile-${n}`)
const storageOf = (map = new Map<string, string>()) => ({
  map,
  getItem: (name: string) => map.get(name) ?? null,
  setItem: (name: string, value: string) => void map.set(name, value),
})

describe('sticky buckets of an application', () => {
  const answers = (all: Flags, storage: ReturnType<typeof storageOf>): string[] => {
    const resolver = createResolver(all)
    return units.map((targetingKey) => {
      const { value, reason } = resolveSticky(resolver, storageBuckets(storage), [
        'buttons',
        'string',
        'none',
        { targetingKey },
      ])
      return `${value} ${reason}`
    })
  }

  it('keep a unit where it is whatever becomes of the weights, until a version blocks or moves it', () => {
    const storage = storageOf()
    const first = answers(flags([0.5, 0.5], { bucketVersion: 1 }), storage)
    assert.deepEqual(answers(flags([0.05, 0.95], { bucketVersion: 1 }), storage), first)
    assert.notDeepEqual(answers(flags([0.05, 0.95], { bucketVersion: 1 }), storageOf()), first)
    assert.ok(
      answers(flags([0.05, 0.95], { bucketVersion: 2, minBucketVersion: 2 }), storage).every(
        (answer) => answer === 'a DEFAULT',
      ),
    )
    assert.deepEqual(
      answers(flags([0.05, 0.95], { bucketVersion: 2 }), storage),
      answers(flags([0.05, 0.95]), storageOf()),
    )
  })

  it("are those of GrowthBook's own SDK: each goes on with what the other left", async () => {
    const storage = storageOf()
    const first = answers(flags([0.5, 0.5]), storage)
    const theirs: string[] = []
    for (const id of units) {
      const sdk = new GrowthBook({
        attributes: { id },
        stickyBucketService: new LocalStorageStickyBucketService({ localStorage: storage }),
      })
      await sdk.init({ payload: flags([0.05, 0.95]) as never })
      theirs.push(`${sdk.getFeatureValue('buttons', 'none')} SPLIT`)
      sdk.destroy()
    }
    assert.deepEqual(theirs, first)
    assert.equal(storage.map.size, units.length)
  })

  it('survive what a storage does: texts that are none of theirs, no room, and a server that fetches them', async () => {
    const storage = {
      getItem: () => '{',
      setItem: () => {
        throw new Error('full')
      },
    }
    const [resolver, question] = [
      createResolver(flags([0.5, 0.5])),
      ['buttons', 'string', 'none', { targetingKey: 'u' }] as const,
    ]
    assert.equal(resolveSticky(resolver, storageBuckets(storage), question).reason, 'SPLIT')
    const written: string[] = []
    const remote = { read: () => Promise.resolve({}), write: (key: string) => Promise.resolve(void written.push(key)) }
    assert.equal((await resolveRemote(resolver, remote, question)).reason, 'SPLIT')
    assert.deepEqual(written, ['id||u'])
    await assert.rejects(
      resolveRemote(resolver, { ...remote, read: () => Promise.reject(new Error('away')) }, question),
      /away/,
    )
  })

  it('stick under the SDK for browsers, and who was asked first is exposed too', async () => {
    const [storage, exposures] = [
      storageOf(),
      [] as { experiment_id: string; unit_id: string; phase: number; variation_key: string }[],
    ]
    const all = flags([0.5, 0.5], { parentConditions: [{ id: 'holdout', condition: { value: 'in' } }] })
    const source = { load: () => Promise.resolve(all), follow: () => new Promise<void>(() => undefined) }
    const provider = new PlayloopWebProvider({
      api: '',
      key: 'live',
      collector: '',
      source,
      buckets: storageBuckets(storage),
      send: (_, event) => void exposures.push(JSON.parse(event) as (typeof exposures)[number]),
    })
    await OpenFeature.setProviderAndWait('buckets', provider, { targetingKey: 'profile-0' })
    const client = OpenFeature.getClient('buckets')
    for (const targetingKey of units) {
      await OpenFeature.setContext('buckets', { targetingKey })
      for (let twice = 0; twice < 2; twice++) client.getStringValue('buttons', 'none')
    }
    const held = exposures.filter(({ variation_key: key }) => key === 'held-out').map(({ unit_id: id }) => id)
    const exposed = exposures.filter(({ experiment_id: id }) => id === 'buttons')
    assert.deepEqual(
      [exposures.filter(({ experiment_id: id }) => id === 'holdout').length, exposed.length],
      [units.length, units.length - held.length],
    )
    assert.ok(held.length > 30 && exposed.every(({ unit_id: id, phase }) => phase === 1 && !held.includes(id)))
    assert.equal(storage.map.size, units.length)
    await OpenFeature.close()
  })
})
