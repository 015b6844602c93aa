import {
  arrivalsOf,
  attributesIn,
  audienceOf,
  detectableAfter,
  metricNamed,
  openRegistry,
  plannedFor,
  readDraft,
  type Comparison,
  type Member,
} from '../../models/experiments/index.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { DAY_MS } from '../../platform/time.ts'
import type { RegisteredExperiment } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import { BEFORE_MS } from '../../schemas/experiments/tables.ts'
import {
  audienceQuery,
  isOwner,
  previewQuery,
  type AudienceRow,
  type MetricPreview,
  type Owner,
} from '../../streams/experiments/index.ts'
import type { MetricOutlook, OutlookAnswer } from './answers.ts'
import { refuse, sound } from './faulty.ts'
import type { OutlookQuestion } from './schema.ts'
import type { ExperimentService } from './service.ts'

/** What a draft could find, and who would take part: from past days of its clock. */
export interface Outlook {
  of(asked: OutlookQuestion): Promise<OutlookAnswer>
}

const WEEK_MS = 7 * DAY_MS
/** Days after the start for which effects are told. */
const DAYS = 42
/** What the store knows of a unit, named as applications name it; a condition on anything else cannot be foreseen. */
const KNOWN = ['id', 'country', 'device', 'asn', 'app_version']
const LEVELS = [0.5, 0.9, 0.99]
/** A day in which N* is reached when none is told. */
const PLANNED_DAYS = 14

type Seen = Member & Pick<AudienceRow, 'first' | 'last'>

export function openOutlook(store: Store, { now }: Pick<ExperimentService, 'now'>): Outlook {
  const registry = openRegistry(store)
  const pastOf = async (metric: MetricDefinition, clock: string, end: number, unit: Owner): Promise<MetricPreview> => {
    const asked = { metric, clock, end, unit }
    const preview = async (levels: readonly number[], cap?: number): Promise<MetricPreview> =>
      (await store.rows<MetricPreview>(previewQuery({ ...asked, levels, cap })))[0]!
    if (metric.cap === undefined) return preview(LEVELS)
    const [cap = 0] = (await preview([metric.cap])).percentiles
    return preview(LEVELS, cap > 0 ? Math.floor(cap) : undefined)
  }
  return {
    async of(asked) {
      const [end, defined, experiments, groups] = [
        await now(asked.clock),
        await registry.metrics(),
        await registry.experiments(),
        await registry.groups.served(),
      ]
      const primary = (asked.metrics?.primary ?? []).map(
        (name, at) =>
          metricNamed(name, defined) ??
          refuse([{ at: `metrics.primary.${at}`, problem: `nothing is known of the metric ${name}` }]),
      )
      const draft = sound(
        readDraft(wholeOf(asked, defined), { metrics: defined, experiments, groups: groups.map(({ id }) => id) }),
      )
      const unit = isOwner(asked.unit) ? asked.unit : undefined
      const rows =
        unit === undefined
          ? []
          : await store.rows<AudienceRow>(audienceQuery(asked.clock, unit, end - BEFORE_MS, end + 1))
      const history = historyOf(draft, { experiments, groups }, rows, end)
      const plannedUnits = asked.plannedUnits ?? Math.max(100, Math.round(history.joined(PLANNED_DAYS * DAY_MS)))
      const experiment = { ...draft, plannedUnits }
      const metrics: MetricOutlook[] = []
      // One after the other: each reads all facts of a window.
      for (const metric of primary)
        metrics.push(
          metricOutlook(experiment, metric, primary.length, history.joined, {
            past: unit === undefined ? undefined : await pastOf(metric, asked.clock, end, unit),
          }),
        )
      return {
        clock: asked.clock,
        now: end,
        observed_days: history.observedMs / DAY_MS,
        planned_units: plannedUnits,
        audience: history.audience,
        metrics,
      }
    },
  }
}

/** A whole draft for the checks of its bucketing: what is not asked of is filled in. */
const wholeOf = (asked: OutlookQuestion, defined: readonly MetricDefinition[]) => ({
  ...asked,
  name: asked.id,
  metrics: { primary: [metricKey(defined[0]!)] },
  plannedUnits: 100,
})

/** Who was there in the past fortnight, who of them would take part, and how those came. */
function historyOf(
  draft: RegisteredExperiment,
  known: Parameters<typeof audienceOf>[1],
  rows: readonly AudienceRow[],
  end: number,
) {
  const every = rows[0]?.every ?? 1
  const members = rows.map(({ unit, first, last, country, device, asn, app_version }): Seen => {
    return { unit, first, last, attributes: { country, device, asn, app_version } }
  })
  const recent = members.filter(({ last }) => last >= end - WEEK_MS)
  const week = audienceOf(draft, known, recent, ['country', 'device'])
  const from = Math.min(end, ...members.map(({ first }) => first))
  const taking = audienceOf(draft, known, members, []).members
  const arrived = arrivalsOf(
    taking.map(({ first }) => first - from),
    end - from,
  )
  const scaled = (all: (typeof week.by)[string]) =>
    all.map((each) => ({ ...each, units: each.units * every, in: each.in * every }))
  return {
    observedMs: end - from,
    joined: (ms: number): number => every * arrived(ms),
    audience: {
      units: recent.length * every,
      in: week.members.length * every,
      country: scaled(week.by['country'] ?? []),
      device: scaled(week.by['device'] ?? []),
      unknown: attributesIn(draft.bucketing.condition).filter((name) => !KNOWN.includes(name)),
      sampled: every,
    },
  }
}

/** The effects that one primary metric finds, day after day, in the comparison of the smallest arms. */
function metricOutlook(
  experiment: RegisteredExperiment,
  metric: MetricDefinition,
  primaries: number,
  joined: (ms: number) => number,
  { past }: { readonly past: MetricPreview | undefined },
): MetricOutlook {
  const weights = experiment.variations.map(({ weight }) => weight).filter((weight) => weight > 0)
  const share = 2 * Math.min(...weights)
  const comparison: Comparison = {
    alpha: experiment.alpha,
    plannedUnits: plannedFor(experiment, 1, 1),
    hypotheses: primaries * (experiment.variations.length - 1),
  }
  const isKnown = past !== undefined && past.units > 1 && past.variance > 0
  const reason = !isKnown
    ? ('no data' as const)
    : metric.kind === 'quantile'
      ? ('quantiles have no plan' as const)
      : ('' as const)
  const course = { comparison, joined: (ms: number) => share * joined(ms), windowMs: metric.window.toMs }
  return {
    metric: metricKey(metric),
    name: metric.name,
    unit: metric.unit,
    window_days: metric.window.toMs / DAY_MS,
    past: isKnown ? { ...past, percentiles: [...past.percentiles] } : null,
    reason,
    days: !isKnown || reason !== '' ? [] : daysOf((ms) => detectableAfter({ ...course, past }, ms)),
  }
}

const daysOf = (after: (ms: number) => { readonly units: number; readonly effect: number | null }) =>
  Array.from({ length: DAYS }, (_, at) => ({ day: at + 1, ...after((at + 1) * DAY_MS) }))
