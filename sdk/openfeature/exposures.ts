import type { Resolution } from './resolve.ts'

/**
 * Writes exposures to the collector, once per unit, experiment, phase and variation: repeated evaluations cost nothing.
 */
export interface Exposures {
  /** Records the exposures of an evaluation; does nothing if there are none. */
  record(metadata: Resolution<unknown>['flagMetadata']): void
}

export interface ExposuresOptions {
  /** Accepts an event for a topic, stores it and retries until the collector has it. */
  readonly send: (topic: 'experiment.exposures', event: string) => void
  /** The clock that the experiment runs on. */
  readonly clock: string
  readonly now: () => number
  readonly newId: () => string
  /** Maximum number of exposures remembered; the oldest are evicted, and sent again if they recur. */
  readonly most?: number
}

export function createExposures({ send, clock, now, newId, most = 100_000 }: ExposuresOptions): Exposures {
  const told = new Set<string>()
  const record = ({
    experiment,
    unit_type,
    unit_id,
    phase,
    variation,
    variation_key,
    hash_attribute,
    bucket_ppm,
    rule_id,
    feature_key = experiment ?? '',
  }: Metadata): void => {
    const key = JSON.stringify([experiment, unit_id, phase, variation])
    if (told.has(key)) return
    told.add(key)
    if (told.size > most) told.delete(told.values().next().value!)
    send(
      'experiment.exposures',
      JSON.stringify({
        event_id: newId(),
        clock,
        event_time: now(),
        unit_type,
        unit_id,
        experiment_id: experiment,
        phase,
        variation,
        variation_key,
        feature_key,
        hash_attribute,
        source: 'sdk',
        ...(bucket_ppm !== undefined && { bucket_ppm }),
        ...(rule_id !== undefined && { rule_id }),
        ...(unit_type === 'profile' && { profile_id: unit_id }),
        ...(unit_type === 'household' && { household_id: unit_id }),
      }),
    )
  }
  return {
    record(metadata) {
      if (metadata?.['experiment'] !== undefined) record(metadata)
      if (metadata?.['prerequisites'] !== undefined)
        for (const each of JSON.parse(String(metadata['prerequisites'])) as Metadata[]) record(each)
    },
  }
}

type Metadata = NonNullable<Resolution<unknown>['flagMetadata']>
