/**
 * Metrics of experiments as data: versioned definitions over allowed columns, never SQL. The modules that store, count
 * and show them share these types. schemas/metrics/units.ts defines the built-in ones.
 */

/** Figures of one playback session; integers. The `value` of a quantile metric is that of a single session. */
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

/** Figures of one action of a viewer. */
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

/** A quantity that is summed over a unit's sessions or actions in a window. */
export type Part =
  | { readonly from: 'session'; readonly column: SessionColumn }
  | { readonly from: 'action'; readonly column: ActionColumn; readonly actions: readonly ActionName[] }

/**
 * - proportion: units whose sum of `value` reaches `least`;
 * - retention: the same in a window that begins later;
 * - mean: sum of `value` per unit;
 * - count: the same for events, whose first ones are also tested as counts;
 * - ratio: `value` divided by `per`, both summed over units, which remain the unit of randomisation;
 * - quantile: of single sessions' values; `startup_ms` of a session without a first frame is infinite;
 * - funnel: units that took all `steps` in order.
 */
export const METRIC_KINDS = ['proportion', 'mean', 'ratio', 'count', 'quantile', 'retention', 'funnel'] as const
export type MetricKind = (typeof METRIC_KINDS)[number]

export interface MetricDefinition {
  /** Metric id as defined in schemas/metrics/README.md, such as `rebuffer_ratio.unit.cap99:cta2066`. */
  readonly id: string
  /** Version, from 1. Definitions are immutable: a change is a new version. */
  readonly version: number
  readonly name: string
  readonly description: string
  readonly kind: MetricKind
  readonly value?: Part
  readonly per?: Part
  readonly least?: number
  readonly steps?: readonly Part[]
  /** Levels of a quantile metric, within (0, 1). */
  readonly levels?: readonly number[]
  /**
   * Time since the unit's first exposure, ms: from `fromMs` (a delay) inclusive to `toMs` exclusive. The unit's outcome
   * is final at the end.
   */
  readonly window: { readonly fromMs: number; readonly toMs: number }
  readonly better: 'up' | 'down'
  /** Non-inferiority margin of a guardrail: how much worse it may be, as a share of the control's value. */
  readonly margin?: number
  /**
   * Percentile, within (0, 1), at which unit totals are capped; taken from the time before the start, both arms
   * together.
   */
  readonly cap?: number
  /** Unit of the figures: 'share', 'ms', 'kbit/s', 'events'. */
  readonly unit: string
  /** For a built-in metric under a deprecated id: the id to use instead. The old id is answered for one version. */
  readonly replacedBy?: string
}

/** Key of a definition in tables. */
export const metricKey = ({ id, version }: Pick<MetricDefinition, 'id' | 'version'>): string => `${id}@${version}`

/** Whether a unit's outcome is binary. */
export const isShare = ({ kind }: MetricDefinition): boolean =>
  kind === 'proportion' || kind === 'retention' || kind === 'funnel'
