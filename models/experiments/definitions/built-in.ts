import type { ActionName, MetricDefinition, Part, SessionColumn } from '../../../schemas/experiments/metric.ts'
import { OLD_IDS, UNIT_METRICS, type Unit, type UnitMetricId } from '../../../schemas/metrics/index.ts'

const DAY_MS = 86_400_000
const session = (column: SessionColumn): Part => ({ from: 'session', column })
const acts = (...actions: ActionName[]): Part => ({ from: 'action', column: 'acts', actions })
const WEEK = { fromMs: 0, toMs: 7 * DAY_MS }

/** What the registry does not define: how a metric is counted, and the margin of a guardrail. */
type Counting = Omit<MetricDefinition, 'id' | 'version' | 'name' | 'description' | 'better' | 'unit' | 'window'> &
  Partial<Pick<MetricDefinition, 'window'>>

/** Built-in metrics, over one week unless specified otherwise. A missing or unknown id does not compile. */
const COUNTED: Readonly<Record<UnitMetricId, Counting>> = {
  'startup.unit.quantiles:cta2066': {
    kind: 'quantile',
    value: session('startup_ms'),
    levels: [0.25, 0.5, 0.75, 0.9, 0.95, 0.99],
  },
  'startup.unit.mean.cap99:cta2066': {
    kind: 'ratio',
    value: session('startup_ms'),
    per: session('plays'),
    margin: 0.02,
    cap: 0.99,
  },
  'rebuffer_ratio.unit.cap99:cta2066': {
    kind: 'ratio',
    value: session('stall_ms'),
    per: session('watched_ms'),
    margin: 0.05,
    cap: 0.99,
  },
  'ebvs_rate.unit:conviva': { kind: 'ratio', value: session('ebvs'), per: session('attempts'), margin: 0.05 },
  'vsf_rate.unit:conviva': { kind: 'ratio', value: session('vsf'), per: session('attempts'), margin: 0.05 },
  'vpf_rate.unit:playloop': { kind: 'ratio', value: session('vpf'), per: session('plays'), margin: 0.05 },
  play_failures: { kind: 'count', value: session('errors_fatal') },
  'average_bitrate.unit:cta2066': {
    kind: 'ratio',
    value: session('bits_played'),
    per: session('media_ms'),
    margin: 0.02,
  },
  'attempts.unit:playloop': { kind: 'mean', value: session('attempts') },
  'watch_time.unit.cap999:playloop': { kind: 'mean', value: session('media_ms'), margin: 0.01, cap: 0.999 },
  plays_per_unit: { kind: 'count', value: session('plays') },
  'finish_rate.unit:playloop': { kind: 'ratio', value: session('finishes'), per: session('plays'), margin: 0.02 },
  click_through: { kind: 'ratio', value: acts('click'), per: acts('impression') },
  discovery: { kind: 'funnel', steps: [acts('impression'), acts('click'), acts('play'), acts('finish')] },
  played: { kind: 'proportion', value: acts('play'), window: { fromMs: 0, toMs: DAY_MS } },
  retention_day_1: { kind: 'retention', value: acts('play'), window: { fromMs: DAY_MS, toMs: 2 * DAY_MS } },
  retention_week_1: {
    kind: 'retention',
    value: acts('play'),
    window: { fromMs: DAY_MS, toMs: 7 * DAY_MS },
    margin: 0.01,
  },
}

/** Names of the registry's units in experiment definitions. */
const UNITS: Readonly<Partial<Record<Unit, string>>> = { ratio: 'share', count: 'events' }

const builtIn = (id: UnitMetricId): MetricDefinition => {
  const { title, definition, better, unit } = UNIT_METRICS[id]
  return {
    id,
    version: 1,
    name: title,
    description: definition,
    window: WEEK,
    better: better === 'higher' ? 'up' : 'down',
    unit: UNITS[unit] ?? unit,
    ...COUNTED[id],
  }
}

export const BUILT_IN: readonly MetricDefinition[] = (Object.keys(UNIT_METRICS) as UnitMetricId[]).map(builtIn)

/**
 * The same metrics with their old ids, for one version: experiments registered with them, and requests for them, get
 * the same results as before, and the id to use instead.
 */
export const OLD_BUILT_IN: readonly MetricDefinition[] = Object.entries(OLD_IDS.experiments).map(
  ([id, replacedBy]) => ({ ...builtIn(replacedBy), id, replacedBy }),
)
