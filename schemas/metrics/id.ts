/**
 * Ids of metrics: `NAME[.POPULATION][.ESTIMATOR][.capP][:DEFINITION]`. README.md says what each part means.
 */
export const POPULATIONS = ['minute', 'unit'] as const
export const ESTIMATORS = ['mean', 'p50', 'p95', 'quantiles'] as const

export interface ParsedId {
  readonly name: string
  /** Absent: sessions, or moments. */
  readonly population?: (typeof POPULATIONS)[number]
  /** Absent: a ratio of sums, or a count. */
  readonly estimator?: (typeof ESTIMATORS)[number]
  /** Percentile at which totals are capped, within 0 and 1: `cap99` is 0.99, `cap999` is 0.999. */
  readonly cap?: number
  /** The system or standard that defines the metric. */
  readonly definition?: string
}

const PATTERN = new RegExp(
  `^(?<name>[a-z][a-z0-9_]*)(\\.(?<population>${POPULATIONS.join('|')}))?(\\.(?<estimator>${ESTIMATORS.join('|')}))?(\\.cap(?<cap>[5-9][0-9]+))?(:(?<definition>[a-z0-9_]+))?$`,
)

/** Parses a metric id; returns undefined if the text is not one. */
export function parseId(id: string): ParsedId | undefined {
  const parts = PATTERN.exec(id)?.groups
  if (parts === undefined) return undefined
  const { cap, ...texts } = parts
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined))
  return { ...(given as unknown as ParsedId), ...(cap === undefined ? {} : { cap: Number(`0.${cap}`) }) }
}
