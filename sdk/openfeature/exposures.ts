import type { Resolution } from './resolve.ts'

/**
 * Writes exposures to the collector, each unit once for an experiment, phase and variation: an evaluation costs nothing
 * the second time.
 */
export interface Exposures {
  /** What an evaluation said; nothing happens where nobody was exposed. */
  record(metadata: Resolution<unknown>['flagMetadata']): void
}

export interface ExposuresOptions {
  /** Takes an event for a topic; it keeps and repeats it until the collector has it. */
  readonly send: (topic: 'experiment.exposures', event: string) => void
  /** Whose time: the clock that the experiment runs on. */
  readonly clock: string
  readonly now: () => number
  readonly newId: () => string
  /** Units remembered; the oldest are forgotten, and told again if they come back. */
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
        feature_key: experiment,
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
