import type { AnyProviderEvent } from '@openfeature/core'
import type {
  EvaluationContext,
  Hook,
  JsonValue,
  Provider,
  ProviderEventEmitter,
  ResolutionDetails,
  TrackingEventDetails,
} from '@openfeature/web-sdk'
import type { Buckets } from './buckets.ts'
import { createClient, type Client, type ProviderOptions } from './client.ts'
import { onHidden } from './page.ts'
import type { Kind } from './resolve.ts'

/**
 * OpenFeature's provider for browsers: the same, with a static context and synchronous evaluation. Waiting events are
 * sent when the page is hidden or the provider is closed.
 */
export class PlayloopWebProvider implements Provider {
  readonly metadata = { name: 'playloop' } as const
  readonly runsOn = 'client' as const
  readonly hooks: Hook[]
  readonly events?: ProviderEventEmitter<AnyProviderEvent>
  readonly #client: Client
  readonly #buckets: Buckets | undefined
  #unwatch = (): void => undefined

  /**
   * `buckets`: storage of sticky buckets, such as `storageBuckets(localStorage)`; without it, assignments are not
   * sticky.
   */
  constructor(
    options: ProviderOptions & { readonly events?: ProviderEventEmitter<AnyProviderEvent>; readonly buckets?: Buckets },
  ) {
    this.#client = createClient(options)
    this.#buckets = options.buckets
    this.hooks = [{ after: (_, { flagMetadata }) => this.#client.exposures.record(flagMetadata) }]
    if (options.events !== undefined) this.events = options.events
  }

  async initialize(): Promise<void> {
    await this.#client.open()
    this.#unwatch = onHidden(() => this.#client.leave())
  }

  async onClose(): Promise<void> {
    this.#unwatch()
    this.#client.leave()
    this.#client.close()
  }

  resolveBooleanEvaluation = (key: string, fallback: boolean, context: EvaluationContext): ResolutionDetails<boolean> =>
    this.#resolved(key, 'boolean', fallback, context)
  resolveStringEvaluation = (key: string, fallback: string, context: EvaluationContext): ResolutionDetails<string> =>
    this.#resolved(key, 'string', fallback, context)
  resolveNumberEvaluation = (key: string, fallback: number, context: EvaluationContext): ResolutionDetails<number> =>
    this.#resolved(key, 'number', fallback, context)
  resolveObjectEvaluation = <T extends JsonValue>(
    key: string,
    fallback: T,
    context: EvaluationContext,
  ): ResolutionDetails<T> => this.#resolved(key, 'object', fallback, context)

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    this.#client.track(name, context, details)
  }

  #resolved<T>(key: string, kind: Kind, fallback: T, context: EvaluationContext): ResolutionDetails<T> {
    return this.#client.resolve(this.#buckets, key, kind, fallback, context) as ResolutionDetails<T>
  }
}
