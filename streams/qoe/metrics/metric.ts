import type { ConcurrencyEntry, SessionEntry } from '../../../schemas/metrics/index.ts'

/** The segment of a session that a metric is assigned to; 'segment' metrics add up over segments. */
export type Place = 'segment' | 'first' | 'frame' | 'last'

/**
 * How a metric of the registry is computed: a ratio of sums of integers. Expressions are over columns of
 * session/pipeline.ts: of a segment (prefix `s_`) if `place` is 'segment', otherwise of a session.
 */
export interface Computation {
  readonly numerator: string
  /** '1': the number of sessions; '0': no division. */
  readonly denominator: string
  /** Value = numerator / denominator x scale. */
  readonly scale: number
  readonly place: Place
  /** Condition over a session: excludes whole sessions. */
  readonly where: string
  /**
   * Most that a hidden ms can add to the numerator, if loss is 'media' or 'net'. Over a session; negative = unknown.
   */
  readonly cap?: string
  /**
   * True if the metric has one value per session for quantiles and a histogram: the numerator of sessions with a
   * denominator above 0.
   */
  readonly distribution: boolean
}

export type Draft = Pick<Computation, 'numerator' | 'denominator'> & Partial<Computation>

/** Fills in defaults: a value of the whole session, assigned to its last segment. */
export const computation = (draft: Draft): Computation => ({
  scale: 1,
  place: 'last',
  where: '1',
  distribution: false,
  ...draft,
})

/** The description of a metric in an answer, from its entry in the registry. */
export interface Described extends Pick<SessionEntry, 'title' | 'definition' | 'source'> {
  /** The id as requested: the current or a former one. */
  readonly id: string
  /** unknown: neither direction is better. */
  readonly better: 'lower' | 'higher' | 'unknown'
  readonly cmcd: boolean
}

export const described = ({
  id,
  title,
  definition,
  source,
  better,
  cmcd = false,
}: (SessionEntry | ConcurrencyEntry) & { readonly id: string }): Described => ({
  id,
  title,
  definition,
  source,
  better: better === 'neither' ? 'unknown' : better,
  cmcd,
})

/** A metric of stored sessions: its entry in the registry and its computation. */
export interface Metric extends Described, Computation {
  readonly unit: SessionEntry['unit']
  readonly loss: SessionEntry['loss']
  /** Whether sessions are counted by their start or by their end. */
  readonly time: 'start' | 'end'
}
