import { assignment, openRegistry, payloadOf, type FeaturePayload } from '../../models/experiments/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Receiver } from '../../platform/http/index.ts'

/**
 * One experiment's assignment for one unit, and the exposure to send before the variation is applied; null if there is
 * none to send.
 */
export interface Assignment {
  readonly experiment: string
  readonly in_experiment: boolean
  readonly variation: number
  readonly key: string
  readonly exposure: Readonly<Record<string, string | number>> | null
}

export interface FeatureService {
  payload(clock: string): Promise<FeaturePayload>
  assignments(clock: string, unit: string, attributes: Readonly<Record<string, unknown>>): Promise<Assignment[]>
  /** Sends the payload at once, and after every change. */
  watch(clock: string, receiver: Receiver<'features'>): () => void
  readonly watchers: number
  stop(): void
}

export interface FeatureDeps {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
}

/** Polling interval of changes, ms: a kill switch and a schedule must take effect quickly. */
const LOOK_MS = 500

export function openFeatures({ store, clock, logger }: FeatureDeps): FeatureService {
  const registry = openRegistry(store)
  const receivers = new Map<Receiver<'features'>, { readonly clock: string; told: string }>()
  const stopping = new AbortController()
  let running = false
  const payload = async (name: string): Promise<FeaturePayload> => payloadOf(await registry.served(), name, clock.now())

  const look = async (): Promise<void> => {
    const [served, now] = [await registry.served(), clock.now()]
    const texts = new Map<string, string>()
    for (const [receiver, watcher] of receivers) {
      const text = texts.get(watcher.clock) ?? JSON.stringify(payloadOf(served, watcher.clock, now))
      texts.set(watcher.clock, text)
      // Receivers that could not keep up get the payload in the next round.
      if (text !== watcher.told && receiver.send('features', text)) watcher.told = text
    }
  }
  const loop = async (): Promise<void> => {
    while (receivers.size > 0 && !stopping.signal.aborted) {
      await look().catch((error: unknown) =>
        logger.warn({ error: errorMessage(error) }, 'features were not read, trying again'),
      )
      await clock.sleep(LOOK_MS, stopping.signal).catch(() => undefined)
    }
    running = false
  }

  return {
    payload,
    async assignments(name, unit, attributes) {
      const told = await payload(name)
      const features = assignment.compileFeatures(told)
      return Object.entries(told.playloop).map(([id, experiment]) =>
        assigned(features, id, experiment, { clock: name, unit, attributes }),
      )
    },
    watch(name, receiver) {
      receivers.set(receiver, { clock: name, told: '' })
      if (!running) {
        running = true
        void loop()
      }
      return () => void receivers.delete(receiver)
    },
    get watchers() {
      return receivers.size
    },
    stop() {
      stopping.abort()
      for (const receiver of receivers.keys()) receiver.end()
      receivers.clear()
    },
  }
}

interface Asking {
  readonly clock: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, unknown>>
}

function assigned(
  features: assignment.Features,
  id: string,
  { unit: unitType, phase, variations }: FeaturePayload['playloop'][string],
  { clock, unit, attributes }: Asking,
): Assignment {
  const { result, exposures } = assignment.evaluateFeature(features, id, { attributes: { id: unit, ...attributes } })
  const found = result.experimentResult
  const key = String(result.value)
  // A forced unit has a variation but is in no experiment.
  const variation = found?.inExperiment === true ? found.variationId : Math.max(0, variations.indexOf(key))
  const isExposed = exposures.some(({ experiment }) => experiment.key === id)
  return {
    experiment: id,
    in_experiment: found?.inExperiment === true,
    variation,
    key,
    exposure:
      !isExposed || found === undefined
        ? null
        : {
            clock,
            unit_type: unitType,
            unit_id: String(found.hashValue),
            experiment_id: id,
            phase,
            variation,
            variation_key: variations[variation] ?? key,
            feature_key: id,
            hash_attribute: found.hashAttribute,
            ...(found.bucket === undefined ? {} : { bucket_ppm: Math.round(found.bucket * 1e6) }),
            source: 'assignment',
          },
  }
}
