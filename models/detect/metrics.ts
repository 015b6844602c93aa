import {
  currentId,
  METRIC_REGISTRY,
  type DetectionMetricId,
  type SessionMetricId,
} from '../../schemas/metrics/index.ts'
import type { MinuteCell } from './cells.ts'

/** How detection counts a metric of the registry: bad events out of trials. */
interface Counting {
  readonly events: (cell: MinuteCell) => number
  readonly trials: (cell: MinuteCell) => number
  /** The unit of the minimum sample size: attempts for start-up metrics, concurrent plays for playback metrics. */
  readonly samples: 'attempts' | 'concurrent_plays'
  /** A rate below this is never an incident, whatever it was before. */
  readonly floor: number
  /**
   * Bounds of the dispersion: events that one play adds in one lump. `rebuffer_ratio.minute:cta2066` counts
   * milliseconds; the dispersion converts them to independent events, see evidence.ts.
   */
  readonly dispersion: readonly [least: number, most: number]
  /** Whether the same play can be hit again in later minutes. */
  readonly repeats: boolean
  /** The session metric that shows the same. */
  readonly sessions: SessionMetricId
}

export interface Metric extends Counting {
  /** Id in the registry (schemas/metrics). */
  readonly name: DetectionMetricId
  readonly unit: 'ratio' | 'ms'
}

/**
 * Plays of known start-up that took longer than `level` ms, which must be the start of a bucket so that no bucket is split: 3,072 and
 * 6,144 are.
 */
const slower =
  (level: number) =>
  ({ startups }: MinuteCell): number =>
    [...startups].reduce((sum, [lower, plays]) => (lower >= level ? sum + plays : sum), 0)

const STARTUP_MEAN_ID = 'startup.minute.mean:cta2066'
type TestedId = Exclude<DetectionMetricId, typeof STARTUP_MEAN_ID>

/**
 * By id, in the order of stored checkpoints, so new metrics go last. A missing or unknown id does not compile.
 *
 * Floors: for rebuffering, half of what is called excellent (below 0.5 %; Akamai 2019, Dobrian et al. 2013); for
 * failures, a rate that would not justify calling an operator. A play stalls at most 60 s of a minute, which bounds its
 * lump.
 */
const COUNTED: Readonly<Record<TestedId, Counting>> = {
  'start_failure_rate:technical': {
    events: (c) => c.vsf_technical,
    trials: (c) => c.attempts,
    samples: 'attempts',
    floor: 0.005,
    dispersion: [1, 2.25],
    repeats: false,
    sessions: 'vsf_technical_rate:conviva',
  },
  'ebvs_rate.minute:playloop': {
    events: (c) => c.ebvs,
    trials: (c) => c.attempts,
    samples: 'attempts',
    floor: 0.01,
    dispersion: [1, 2.25],
    repeats: false,
    sessions: 'ebvs_rate:conviva',
  },
  'slow_start_rate:3s': {
    events: slower(3_072),
    trials: slower(0),
    samples: 'attempts',
    floor: 0.02,
    dispersion: [1, 2.25],
    repeats: false,
    sessions: 'startup.mean:cta2066',
  },
  'slow_start_rate:6s': {
    events: slower(6_144),
    trials: slower(0),
    samples: 'attempts',
    floor: 0.01,
    dispersion: [1, 2.25],
    repeats: false,
    sessions: 'startup.mean:cta2066',
  },
  'rebuffer_ratio.minute:cta2066': {
    events: (c) => c.stall_ms,
    trials: (c) => c.watched_ms,
    samples: 'concurrent_plays',
    floor: 0.0025,
    dispersion: [2_000, 60_000],
    repeats: true,
    sessions: 'rebuffer_ratio:cta2066',
  },
  'vpf_technical_rate.minute:playloop': {
    events: (c) => c.vpf_technical,
    trials: (c) => c.concurrent_plays,
    samples: 'concurrent_plays',
    floor: 0.001,
    dispersion: [1, 2.25],
    repeats: false,
    sessions: 'vpf_technical_rate:conviva',
  },
  'error_rate:technical': {
    events: (c) => c.errors_technical,
    trials: (c) => c.concurrent_plays + c.attempts,
    samples: 'concurrent_plays',
    floor: 0.005,
    dispersion: [1, 12],
    repeats: true,
    sessions: 'errors_technical:playloop',
  },
}

const metric = (name: DetectionMetricId, counting: Counting): Metric => ({
  name,
  unit: METRIC_REGISTRY[name].unit === 'ms' ? 'ms' : 'ratio',
  ...counting,
})

export const METRICS: readonly Metric[] = (Object.keys(COUNTED) as TestedId[]).map((name) =>
  metric(name, COUNTED[name]),
)

/** Only for thresholds: a mean has no trials that succeed or fail. */
export const STARTUP_MEAN: Metric = metric(STARTUP_MEAN_ID, {
  events: (c) => c.startup_ms,
  trials: slower(0),
  samples: 'attempts',
  floor: 0,
  dispersion: [1, 1],
  repeats: false,
  sessions: 'startup.mean:cta2066',
})

/** Metrics that a threshold rule may use. */
export const THRESHOLD_METRICS: readonly Metric[] = [...METRICS, STARTUP_MEAN]

/** By current or old id; undefined if the name is unknown. */
export const findMetric = (name: string): Metric | undefined =>
  THRESHOLD_METRICS.find((each) => each.name === currentId('detection', name))

/**
 * Names in stored incidents are current ids, old ids, or ids of an earlier version with other metrics; the latter map
 * to the error metric.
 */
export const metricNamed = (name: string): Metric => findMetric(name) ?? METRICS.at(-1)!

/** Length of a tally: events and trials of each metric, the sum of start-up times, attempts and concurrent plays. */
export const WIDTH = 2 * METRICS.length + 3
const STARTUP_SUM = WIDTH - 3
export const ATTEMPTS = WIDTH - 2
export const CONCURRENT = WIDTH - 1
export const samplesAt = (metric: Metric): number => (metric.samples === 'attempts' ? ATTEMPTS : CONCURRENT)

/** Indices of a metric's events and trials in a tally; undefined if the name is unknown. */
export function placesOf(name: string): readonly [events: number, trials: number] | undefined {
  const found = findMetric(name)
  if (found === undefined) return undefined
  if (found === STARTUP_MEAN)
    return [STARTUP_SUM, 2 * METRICS.findIndex((each) => each.name === 'slow_start_rate:3s') + 1]
  const m = METRICS.indexOf(found)
  return [2 * m, 2 * m + 1]
}

/** Sums of one or more cells; tallies add up. */
export type Tally = number[]
export const emptyTally = (): Tally => new Array<number>(WIDTH).fill(0)

export const tallyOf = (cell: MinuteCell): Tally => [
  ...METRICS.flatMap(({ events, trials }) => [events(cell), trials(cell)]),
  cell.startup_ms,
  cell.attempts,
  cell.concurrent_plays,
]

export function addTo(sum: Tally, part: readonly number[], factor = 1): void {
  for (let i = 0; i < part.length; i++) sum[i]! += factor * part[i]!
}
