import type { ConcurrencyEntry, SessionEntry } from '../../../schemas/metrics/index.ts'

/** Which segment of a session a metric belongs to; 'segment' ones add up over segments. */
export type Place = 'segment' | 'first' | 'frame' | 'last'

/**
 * How a metric of the registry is computed: a ratio of sums of integers. Expressions are over columns of
 * session/pipeline.ts: of a segment (`s_` before the name) where `place` is 'segment', of a session otherwise.
 */
export interface Computation {
  readonly numerator: string
  /** '1': sessions are counted; '0': nothing is divided. */
  readonly denominator: string
  /** Value = numerator / denominator x scale. */
  readonly scale: number
  readonly place: Place
  /** Over a session: leaves whole sessions out. */
  readonly where: string
  /**
   * Most that a hidden ms can add to the numerator, where loss is 'media' or 'net': over a session; below 0 = not
   * known.
   */
  readonly cap?: string
  /** A value of each session, for quantiles and a histogram: the numerator, of those whose denominator is above 0. */
  readonly distribution: boolean
}

export type Draft = Pick<Computation, 'numerator' | 'denominator'> & Partial<Computation>

/** Defaults: a value of the whole session, booked on its last segment. */
export const computation = (draft: Draft): Computation => ({
  scale: 1,
  place: 'last',
  where: '1',
  distribution: false,
  ...draft,
})

/** What an answer says of a metric, from its entry in the registry. */
export interface Described extends Pick<SessionEntry, 'title' | 'definition' | 'source'> {
  /** The id that was asked for: today's, or an old one. */
  readonly id: string
  /** unknown: more is neither better nor worse. */
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

/** A metric of stored sessions: its entry in the registry, and how it is computed. */
export interface Metric extends Described, Computation {
  readonly unit: SessionEntry['unit']
  readonly loss: SessionEntry['loss']
  /** By the session's start or by its end. */
  readonly time: 'start' | 'end'
}
