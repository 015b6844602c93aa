import type { Metric } from './metric.ts'

/** Who counts as being there. */
export type Rule = 'conviva' | 'mux' | 'playloop'

/**
 * How many are there at once: of moments, not of sessions. What lost telemetry does ('silence'): those who fell silent
 * may
 * have left with their last record, or have stayed until now, for at most 30 minutes; `low` and `high` say so.
 */
export interface Concurrency extends Pick<Metric, 'id' | 'title' | 'definition' | 'source' | 'cmcd'> {
  readonly rule: Rule
  /** Over the interval: its mean, or the greatest number at one moment. */
  readonly of: 'average' | 'peak'
  readonly unit: 'count'
  readonly better: 'unknown'
  readonly scale: 1
  readonly time: 'moment'
  readonly loss: 'silence'
  readonly distribution: false
}

const both = (
  rule: Rule,
  name: string,
  title: string,
  cmcd: boolean,
  peak: string,
  average: string,
  source: string,
): readonly Concurrency[] => {
  const common = {
    rule,
    cmcd,
    source,
    unit: 'count',
    better: 'unknown',
    scale: 1,
    time: 'moment',
    loss: 'silence',
    distribution: false,
  } as const
  return [
    { ...common, of: 'peak', id: `${name}:${rule}`, title: `${title}, peak`, definition: peak },
    { ...common, of: 'average', id: `${name}_average:${rule}`, title: `${title}, average`, definition: average },
  ]
}

export const CONCURRENCY: readonly Concurrency[] = [
  ...both(
    'conviva',
    'concurrent_plays',
    'Concurrent plays',
    true,
    'Greatest number of plays at one moment of the interval: from the first frame to the end, or to 30 s after the last record; attempts without a frame are left out, pauses are not.',
    'The same, mean over the interval: time that plays were there divided by its length.',
    'Conviva metric dictionary, concurrent plays',
  ),
  ...both(
    'mux',
    'concurrent_viewers',
    'Concurrent viewers',
    false,
    'Greatest number of viewers at one moment of the interval: starting, playing, stalled or seeking; a pause and what is beyond 300 s of one stall are left out. From stored minutes: between two records that they keep, a viewer weighs the share of the time that was watched; after 5 min without a record nothing.',
    'The same, mean over the interval: watched time divided by its length.',
    'Mux Data documentation, monitoring metrics',
  ),
  ...both(
    'playloop',
    'concurrent_sessions',
    'Concurrent sessions',
    true,
    'Greatest number of sessions at one moment of the interval, from their request on: those who wait for the start, or fail in it, count too.',
    'The same, mean over the interval: time that sessions were there divided by its length.',
    'playloop',
  ),
]

const BY_ID: ReadonlyMap<string, Concurrency> = new Map(CONCURRENCY.map((each) => [each.id, each]))
/** undefined of an id that is none of these. */
export const findConcurrency = (id: string): Concurrency | undefined => BY_ID.get(id)

/** Metrics parted by who counts: a question asks for one rule. */
export const byRule = (metrics: readonly Concurrency[]): readonly (readonly Concurrency[])[] => [
  ...Map.groupBy(metrics, ({ rule }) => rule).values(),
]
