import type {
  EvaluationContext,
  Hook,
  JsonValue,
  Provider,
  ProviderEventEmitter,
  ResolutionDetails,
  TrackingEventDetails,
} from '@openfeature/server-sdk'
import type { AnyProviderEvent } from '@openfeature/core'
import type { RemoteBuckets } from './buckets.ts'
import { createClient, type Client, type ProviderOptions } from './client.ts'
import type { Kind } from './resolve.ts'

/**
 * OpenFeature's provider for servers: `OpenFeature.setProviderAndWait(new PlayloopProvider({ api, key, collector }))`.
 * The targeting key of a context is the unit. If an evaluation assigned the unit, a hook of the provider writes the
 * exposure before the value is returned.
 */
export class PlayloopProvider implements Provider {
  readonly metadata = { name: 'playloop' } as const
  readonly runsOn = 'server' as const
  readonly hooks: Hook[]
  readonly events?: ProviderEventEmitter<AnyProviderEvent>
  readonly #client: Client
  readonly #buckets: RemoteBuckets | undefined

  /** `buckets`: storage of sticky buckets; without it, assignments are not sticky. */
  constructor(
    options: ProviderOptions & {
      readonly events?: ProviderEventEmitter<AnyProviderEvent>
      readonly buckets?: RemoteBuckets
    },
  ) {
    this.#client = createClient(options)
    this.#buckets = options.buckets
    this.hooks = [{ after: (_, { flagMetadata }) => this.#client.exposures.record(flagMetadata) }]
    if (options.events !== undefined) this.events = options.events
  }

  initialize(): Promise<void> {
    return this.#client.open()
  }

  async onClose(): Promise<void> {
    this.#client.leave()
    this.#client.close()
  }

  resolveBooleanEvaluation = (
    key: string,
    fallback: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> => this.#resolved(key, 'boolean', fallback, context)
  resolveStringEvaluation = (
    key: string,
    fallback: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> => this.#resolved(key, 'string', fallback, context)
  resolveNumberEvaluation = (
    key: string,
    fallback: number,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<number>> => this.#resolved(key, 'number', fallback, context)
  resolveObjectEvaluation = <T extends JsonValue>(
    key: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> => this.#resolved(key, 'object', fallback, context)

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    this.#client.track(name, context, details)
  }

  async #resolved<T>(key: string, kind: Kind, fallback: T, context: EvaluationContext): Promise<ResolutionDetails<T>> {
    return (await this.#client.fetched(this.#buckets, key, kind, fallback, context)) as ResolutionDetails<T>
  }
}
