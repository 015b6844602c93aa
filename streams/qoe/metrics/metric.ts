/** Which segment of a session a metric belongs to; 'segment' ones add up over segments. */
export type Place = 'segment' | 'first' | 'frame' | 'last'

/**
 * How telemetry that was lost bounds a metric. Let h be the wall time that no record accounts for.
 * time: numerator and denominator are wall time, one part of the other: n/(d+h) to (n+h)/(d+h).
 * rate: events in time: n/(d+h), no upper bound where h > 0. count: events a session: n/d, no upper bound where h > 0.
 * media: weighted by media time, at most `cap` a ms: n/(d+h) to (n+cap·h)/(d+h); no upper bound where the cap is not
 * known.
 * net: the same of a numerator that hidden time may also lessen: no lower bound where h > 0.
 * outcome: 0 or 1 a session: those without a told end may be either.
 * none: every record carries it, so what is known is exact.
 */
export type Loss = 'time' | 'rate' | 'count' | 'media' | 'net' | 'outcome' | 'none'

/**
 * A metric as data: a ratio of sums of integers. The id carries the definition after the colon, since peers differ in
 * it.
 * Expressions are over columns of session/pipeline.ts: of a segment (`s_` before the name) where `place` is 'segment',
 * of a
 * session otherwise. `where` (over a session) leaves whole sessions out.
 */
export interface Metric {
  readonly id: `${string}:${string}`
  readonly title: string
  readonly definition: string
  readonly unit: 'ratio' | 'ms' | 'kbit/s' | 'count' | '1/min' | 'points' | 'VMAF' | 'permille'
  /** Unknown: more is neither better nor worse. */
  readonly better: 'lower' | 'higher' | 'unknown'
  readonly numerator: string
  readonly denominator: string
  /** Value = numerator / denominator x scale. */
  readonly scale: number
  readonly place: Place
  readonly where: string
  /** By the session's start or by its end. */
  readonly time: 'start' | 'end'
  readonly loss: Loss
  /**
   * Most that a hidden ms can add to the numerator, where loss is 'media' or 'net': over a session; below 0 = not
   * known.
   */
  readonly cap?: string
  /** Plain CMCD tells it exactly. */
  readonly cmcd: boolean
  /** A value of each session, for quantiles and a histogram: the numerator, of those whose denominator is above 0. */
  readonly distribution: boolean
  readonly source: string
}

export type Draft = Pick<
  Metric,
  'id' | 'title' | 'definition' | 'unit' | 'better' | 'numerator' | 'denominator' | 'loss' | 'source'
> &
  Partial<Metric>

/** Defaults: a value of the whole session, booked on its last segment, by its start. */
export const metric = (draft: Draft): Metric => ({
  scale: 1,
  place: 'last',
  where: '1',
  time: 'start',
  cmcd: false,
  distribution: false,
  ...draft,
})
