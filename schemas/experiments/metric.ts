/**
 * Metrics of experiments as data: versioned definitions over allowed columns, never SQL. Whoever keeps them, counts
 * them and shows them shares these types. What the built-in ones mean stands in schemas/metrics/units.ts.
 */

/** Figures of one playback session; integers. `value` of a quantile metric is one session's. */
export const SESSION_COLUMNS = {
  attempts: 'playback requests',
  plays: 'sessions with a first frame',
  ebvs: 'exits before video start',
  vsf: 'video start failures',
  vpf: 'video playback failures',
  finishes: 'sessions played to the end',
  startup_ms: 'playback request to first frame, of sessions that had one',
  stall_ms: 'time stalled',
  stall_count: 'stalls',
  watched_ms: 'start-up, playing, stalled and seeking',
  wall_ms: 'the same with pauses',
  media_ms: 'media time played',
  bits_played: 'bits of media played',
  switches_up: 'changes to a higher rendition',
  switches_down: 'changes to a lower rendition',
  frames_dropped: 'frames dropped',
  frames_rendered: 'frames rendered',
  errors_fatal: 'fatal errors',
} as const
export type SessionColumn = keyof typeof SESSION_COLUMNS

/** Figures of one viewer's action. */
export const ACTION_COLUMNS = {
  acts: 'actions',
  watched_ms: 'media time watched that the action tells',
  rating_centi: 'stars x 100',
} as const
export type ActionColumn = keyof typeof ACTION_COLUMNS

export const ACTIONS = [
  'impression',
  'click',
  'play',
  'progress',
  'finish',
  'rating',
  'list_add',
  'list_remove',
  'search',
] as const
export type ActionName = (typeof ACTIONS)[number]

/** What is added up over a unit's sessions or actions in a window. */
export type Part =
  | { readonly from: 'session'; readonly column: SessionColumn }
  | { readonly from: 'action'; readonly column: ActionColumn; readonly actions: readonly ActionName[] }

/**
 * - proportion: units whose sum of `value` reaches `least`; retention: the same in a window that begins later;
 * - mean: sum of `value` a unit; count: the same of events, whose first ones are also tested as counts;
 * - ratio: `value` divided by `per`, both summed over units: units stay what is randomised;
 * - quantile: of single sessions' values, `startup_ms` of a session without a first frame being infinite;
 * - funnel: units that took all `steps` in their order.
 */
export const METRIC_KINDS = ['proportion', 'mean', 'ratio', 'count', 'quantile', 'retention', 'funnel'] as const
export type MetricKind = (typeof METRIC_KINDS)[number]

export interface MetricDefinition {
  /** As schemas/metrics/README.md has it, such as `rebuffer_ratio.unit.cap99:cta2066`. */
  readonly id: string
  /** Definitions are immutable: a change is a new version. From 1. */
  readonly version: number
  readonly name: string
  readonly description: string
  readonly kind: MetricKind
  readonly value?: Part
  readonly per?: Part
  readonly least?: number
  readonly steps?: readonly Part[]
  /** Of a quantile metric, within (0, 1). */
  readonly levels?: readonly number[]
  /**
   * Counted from the unit's first exposure, ms: from (a delay) inclusive to exclusive. At its end the unit's outcome is
   * closed.
   */
  readonly window: { readonly fromMs: number; readonly toMs: number }
  readonly better: 'up' | 'down'
  /** Of a guardrail: the share of the control's value by which it may be worse. */
  readonly margin?: number
  /** Unit totals above this percentile of the time before the start, both arms together, count as it. Within (0, 1). */
  readonly cap?: number
  /** What figures are told in: 'share', 'ms', 'kbit/s', 'events'. */
  readonly unit: string
  /** Of a built-in metric under an old id: the id to ask for instead. The old one is answered for one version. */
  readonly replacedBy?: string
}

/** How tables name a definition. */
export const metricKey = ({ id, version }: Pick<MetricDefinition, 'id' | 'version'>): string => `${id}@${version}`

/** Whether a unit's outcome is yes or no. */
export const isShare = ({ kind }: MetricDefinition): boolean =>
  kind === 'proportion' || kind === 'retention' || kind === 'funnel'
