/** Experiments of the world: units are assigned by hash, so that a unit always gets the same variation. */
import { hash32 } from '../../platform/random.ts'
import { DAY_MS } from '../../platform/time.ts'

export interface Experiment {
  readonly id: string
  readonly unit: 'profile' | 'household'
  readonly variations: readonly string[]
  /** Where units are exposed. */
  readonly metAt: 'playback' | 'page'
  /** Start, relative to the start of live time, ms. */
  readonly fromMs: number
}

/** One with a true effect (defined by the scenario), one on the player, and one without any effect (A/A). */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'startup-prefetch',
    unit: 'profile',
    variations: ['control', 'prefetch'],
    metAt: 'playback',
    fromMs: -21 * DAY_MS,
  },
  { id: 'abr-bola', unit: 'household', variations: ['bba', 'bola'], metAt: 'playback', fromMs: -14 * DAY_MS },
  { id: 'artwork-aa', unit: 'profile', variations: ['a', 'b'], metAt: 'page', fromMs: -28 * DAY_MS },
]

export interface Assignment {
  readonly experiment: Experiment
  readonly variation: number
  readonly bucketPpm: number
}

/** GrowthBook's hash, version 2: FNV-1a of the hash of (seed, value), in 10,000ths; equal weights. */
export function assign(experiment: Experiment, unit: string): Assignment {
  const bucket = (hash32(String(hash32(`${experiment.id}${unit}`))) % 10_000) / 10_000
  return {
    experiment,
    variation: Math.floor(bucket * experiment.variations.length),
    bucketPpm: Math.round(bucket * 1_000_000),
  }
}
