import type { MinuteCell } from './cells.ts'

/**
 * A metric as detection counts it: bad events out of trials. `rebuffer_ratio:cta2066` counts milliseconds; what makes
 * them events of their own is the dispersion, see evidence.ts.
 */
export interface Metric {
  readonly name: string
  readonly events: (cell: MinuteCell) => number
  readonly trials: (cell: MinuteCell) => number
  /** What the minimum of samples counts: attempts where it is about starting, concurrent plays where about playing. */
  readonly samples: 'attempts' | 'concurrent_plays'
  /** A rate below this is never an incident, whatever it was before. */
  readonly floor: number
  /** Bounds of the dispersion: events that come in one lump, from one play. */
  readonly dispersion: readonly [least: number, most: number]
  /** The same play is hit again in later minutes. */
  readonly repeats: boolean
  readonly unit: 'ratio' | 'ms'
  /** Id of the metric of sessions (streams/qoe/metrics) that shows the same. */
  readonly sessions: string
}

/** Plays that took longer than `level` ms, which begins a bucket, so that nothing is split: 3,072 and 6,144 do. */
const slower =
  (level: number) =>
  ({ startups }: MinuteCell): number =>
    [...startups].reduce((sum, [lower, plays]) => (lower >= level ? sum + plays : sum), 0)

/**
 * Floors: half of what is called excellent for rebuffering (below 0.5 %; Akamai 2019, Dobrian et al. 2013), and for
 * failures a
 * rate that an operator would not be called for. A play stalls at most 60 s of a minute, which bounds its lump.
 */
export const METRICS: readonly Metric[] = [
  {
    name: 'start_failure_rate:technical',
    events: (c) => c.vsf_technical,
    trials: (c) => c.attempts,
    samples: 'attempts',
    floor: 0.005,
    dispersion: [1, 2.25],
    repeats: false,
    unit: 'ratio',
    sessions: 'vsf_technical_rate:conviva',
  },
  {
    name: 'ebvs_rate',
    events: (c) => c.ebvs,
    trials: (c) => c.attempts,
    samples: 'attempts',
    floor: 0.01,
    dispersion: [1, 2.25],
    repeats: false,
    unit: 'ratio',
    sessions: 'ebvs_rate:conviva',
  },
  {
    name: 'slow_start_rate:3s',
    events: slower(3_072),
    trials: (c) => c.plays,
    samples: 'attempts',
    floor: 0.02,
    dispersion: [1, 2.25],
    repeats: false,
    unit: 'ratio',
    sessions: 'startup:cta2066',
  },
  {
    name: 'slow_start_rate:6s',
    events: slower(6_144),
    trials: (c) => c.plays,
    samples: 'attempts',
    floor: 0.01,
    dispersion: [1, 2.25],
    repeats: false,
    unit: 'ratio',
    sessions: 'startup:cta2066',
  },
  {
    name: 'rebuffer_ratio:cta2066',
    events: (c) => c.stall_ms,
    trials: (c) => c.watched_ms,
    samples: 'concurrent_plays',
    floor: 0.0025,
    dispersion: [2_000, 60_000],
    repeats: true,
    unit: 'ratio',
    sessions: 'rebuffer_ratio:cta2066',
  },
  {
    name: 'playback_failure_rate',
    events: (c) => c.vpf_technical,
    trials: (c) => c.concurrent_plays,
    samples: 'concurrent_plays',
    floor: 0.001,
    dispersion: [1, 2.25],
    repeats: false,
    unit: 'ratio',
    sessions: 'vpf_technical_rate:conviva',
  },
  {
    name: 'error_rate:technical',
    events: (c) => c.errors_technical,
    trials: (c) => c.concurrent_plays + c.attempts,
    samples: 'concurrent_plays',
    floor: 0.005,
    dispersion: [1, 12],
    repeats: true,
    unit: 'ratio',
    sessions: 'errors_technical:playloop',
  },
]

/** Only for thresholds: a mean has no trials that succeed or fail. */
export const STARTUP_MEAN: Metric = {
  name: 'startup_mean:cta2066',
  events: (c) => c.startup_ms,
  trials: (c) => c.plays,
  samples: 'attempts',
  floor: 0,
  dispersion: [1, 1],
  repeats: false,
  unit: 'ms',
  sessions: 'startup:cta2066',
}

/** What a threshold may be on. */
export const THRESHOLD_METRICS: readonly Metric[] = [...METRICS, STARTUP_MEAN]

/** Names in stored incidents are those of METRICS, or of a version before that had others: these are told by errors. */
export const metricNamed = (name: string): Metric =>
  THRESHOLD_METRICS.find((metric) => metric.name === name) ?? METRICS.at(-1)!

/**
 * Numbers a cell becomes: events and trials of each metric, the sum of start-up times, then attempts and concurrent
 * plays.
 */
export const WIDTH = 2 * METRICS.length + 3
const STARTUP_SUM = WIDTH - 3
export const ATTEMPTS = WIDTH - 2
export const CONCURRENT = WIDTH - 1
export const samplesAt = (metric: Metric): number => (metric.samples === 'attempts' ? ATTEMPTS : CONCURRENT)

/** Places of a metric's events and trials in a tally; undefined for a name that is none. */
export function placesOf(name: string): readonly [events: number, trials: number] | undefined {
  if (name === STARTUP_MEAN.name)
    return [STARTUP_SUM, 2 * METRICS.findIndex((metric) => metric.name === 'slow_start_rate:3s') + 1]
  const m = METRICS.findIndex((metric) => metric.name === name)
  return m < 0 ? undefined : [2 * m, 2 * m + 1]
}

/** Sums of a cell, or of many: they add up. */
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
