import { createOutbox } from '../../web/instrument/outbox.ts'
import { resolveRemote, resolveSticky, type Buckets, type Question, type RemoteBuckets } from './buckets.ts'
import { createExposures, type Exposures } from './exposures.ts'
import { createResolver, type Resolution, type Resolver } from './resolve.ts'
import { beam } from './page.ts'
import { openSource, type Source } from './source.ts'

export interface ProviderOptions {
  /** Source of flags: the address of playloop's API and the client key, or a source of your own. */
  readonly api: string
  /** Client key: the clock of the experiments, such as 'live'. */
  readonly key: string
  /** Destination of exposures: the address of the collector. */
  readonly collector: string
  /** A key that may write experiment.exposures and viewer.actions. */
  readonly ingestKey?: string
  readonly source?: Source
  /** The SDK's own emitter, which receives changes: `new OpenFeatureEventEmitter()`. */
  readonly events?: Emitter
  /** Replaces sending to the collector. */
  readonly send?: (topic: 'experiment.exposures' | 'viewer.actions', event: string) => void
}

/** The part of the SDKs' emitters that is used. */
export interface Emitter {
  emit(event: never, details?: never): void
}

/** The common part of both providers. */
export interface Client {
  open(): Promise<void>
  close(): void
  /** Synchronous, with the buckets of a page. */
  resolve<T>(buckets: Buckets | undefined, ...question: Question<T>): Resolution<T>
  /** Asynchronous, for buckets that have to be fetched. */
  fetched<T>(buckets: RemoteBuckets | undefined, ...question: Question<T>): Promise<Resolution<T>>
  readonly exposures: Exposures
  /** Sends an action of a unit, by OpenFeature's tracking. */
  track(name: string, context: Readonly<Record<string, unknown>>, details: Readonly<Record<string, unknown>>): void
  /** Sends everything that waits, in one request that outlives the page. */
  leave(): void
}

export function createClient(options: ProviderOptions): Client {
  const { key, events, source = openSource(options) } = options
  const closing = new AbortController()
  const outboxes = new Map<string, ReturnType<typeof createOutbox>>()
  let resolver: Resolver = createResolver({})
  let stale = false
  const tell = (event: string, details?: object): void => events?.emit(event as never, details as never)
  const take = (flags: Parameters<typeof createResolver>[0], isNew: boolean): void => {
    resolver = createResolver(flags)
    if (stale) tell('PROVIDER_READY')
    stale = false
    if (isNew) tell('PROVIDER_CONFIGURATION_CHANGED', { flagsChanged: Object.keys(flags.features ?? {}) })
  }
  const send =
    options.send ??
    ((topic, event) => {
      const known =
        outboxes.get(topic) ??
        createOutbox({
          url: `${options.collector.replace(/\/$/, '')}/v1/events/${topic}?${options.ingestKey === undefined ? '' : `key=${encodeURIComponent(options.ingestKey)}&`}`,
          now: () => Date.now(),
          chance: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
          beam,
        })
      outboxes.set(topic, known)
      known.add(event, false)
    })
  const own = { clock: key, now: () => Date.now(), newId: () => crypto.randomUUID() }
  return {
    async open() {
      const first = await source.load()
      take(first, false)
      let known = JSON.stringify(first)
      void source.follow(
        (flags) => {
          const text = JSON.stringify(flags)
          const isNew = text !== known
          known = text
          if (isNew || stale) take(flags, isNew)
        },
        () => {
          if (!stale) tell('PROVIDER_STALE')
          stale = true
        },
        closing.signal,
      )
    },
    close: () => closing.abort(),
    resolve: (buckets, ...question) => resolveSticky(resolver, buckets, question),
    fetched: (buckets, ...question) => resolveRemote(resolver, buckets, question),
    exposures: createExposures({ ...own, send }),
    track(name, { targetingKey }, details) {
      if (typeof targetingKey !== 'string') return
      send(
        'viewer.actions',
        JSON.stringify({
          event_id: own.newId(),
          clock: key,
          event_time: own.now(),
          profile_id: targetingKey,
          action: name,
          ...details,
        }),
      )
    },
    leave() {
      for (const outbox of outboxes.values()) outbox.beacon()
    },
  }
}
