import {
  FAMILIES,
  RESERVED_IDS,
  SLICES,
  UNIT_TYPES,
  type Family,
  type RegisteredExperiment,
  type Variation,
} from '../../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../../schemas/experiments/metric.ts'
import { currentId } from '../../../schemas/metrics/index.ts'
import { compileExperiment, readExperiment } from '../assign/index.ts'
import { bucketingOf, checkBucketing, formOf } from './check-bucketing.ts'
import { checkId, type Draft, type Known, type Need } from './draft.ts'
import type { DefinitionFault } from './check-metric.ts'
import { metricNamed } from './named.ts'

/** With more primary metrics, none of them is the main question. */
const MAX_PRIMARY = 3
const MAX_METRICS = 100

/** The experiment that a draft describes, or all its faults. */
export function readDraft(
  draft: Draft,
  { metrics, ...known }: Known,
): RegisteredExperiment | readonly DefinitionFault[] {
  const faults: DefinitionFault[] = []
  const need = (ok: boolean, at: string, problem: string): void => void (ok || faults.push({ at, problem }))
  checkId(draft.id, need)
  need(!RESERVED_IDS.includes(draft.id), 'id', `must be none of ${RESERVED_IDS.join(', ')}: these are paths of the API`)
  need(UNIT_TYPES.includes(draft.unit), 'unit', `must be one of ${UNIT_TYPES.join(', ')}`)
  const variations = variationsOf(draft, need)
  const bucketing = bucketingOf(draft)
  const found = Object.fromEntries(
    FAMILIES.map((family) => [
      family,
      (draft.metrics[family] ?? []).flatMap((name, at) => {
        const metric = metricNamed(name, metrics)
        need(metric !== undefined, `metrics.${family}.${at}`, `nothing is known of the metric ${name}`)
        return metric === undefined ? [] : [metric]
      }),
    ]),
  ) as Record<Family, MetricDefinition[]>
  checkMetrics(found, need)
  for (const slice of draft.slices ?? [])
    need(
      SLICES.includes(slice),
      'slices',
      `must be some of ${SLICES.join(', ')}: only what was so before the exposure may slice an effect`,
    )
  need(
    Number.isInteger(draft.plannedUnits) && draft.plannedUnits >= 100,
    'plannedUnits',
    'must be a whole number from 100: the units of all arms together that are planned',
  )
  const alpha = draft.alpha ?? 0.05
  need(alpha > 0 && alpha <= 0.2, 'alpha', 'must be over 0 and at most 0.2')
  const { targetEffect } = draft
  need(
    targetEffect === undefined || (targetEffect > 0 && targetEffect <= 10),
    'targetEffect',
    'must be over 0 and at most 10: a share of the baseline, 0.02 is 2 %',
  )
  const experiment: RegisteredExperiment = {
    id: draft.id,
    name: draft.name,
    hypothesis: draft.hypothesis ?? '',
    ...(draft.owner !== undefined && { owner: draft.owner }),
    ...(draft.tags !== undefined && { tags: draft.tags }),
    clock: draft.clock,
    unit: draft.unit,
    state: 'draft',
    killed: false,
    variations,
    bucketing,
    ...(draft.forced && { forced: draft.forced }),
    phases: [{ phase: 0, from: 0, weights: variations.map(({ weight }) => weight) }],
    metrics: found,
    slices: draft.slices ?? [],
    plannedUnits: draft.plannedUnits,
    alpha,
    ...(targetEffect !== undefined && { targetEffect }),
    endsAt: draft.endsAt ?? null,
    caps: {},
    startedAt: null,
    stoppedAt: null,
    revision: 0,
    action: 'create',
    by: '',
    at: 0,
  }
  const { faults: illFormed } = compileExperiment(readExperiment(growthBookOf(experiment)))
  for (const fault of illFormed) need(false, `bucketing.${fault}`, formOf(fault))
  if (illFormed.length === 0) checkBucketing(experiment, known, need)
  return faults.length === 0 ? experiment : faults
}

function variationsOf({ variations }: Draft, need: Need): Variation[] {
  need(
    variations.length >= 2 && variations.length <= 20,
    'variations',
    'must be 2 to 20, the first of them the control',
  )
  need(
    new Set(variations.map(({ key }) => key)).size === variations.length,
    'variations',
    'must have keys of their own',
  )
  const read = variations.map(({ key, name, weight }) => ({
    key,
    name: name ?? key,
    weight: weight ?? 1 / variations.length,
  }))
  const sum = read.reduce((total, { weight }) => total + weight, 0)
  need(
    read.every(({ weight }) => weight >= 0 && weight <= 1) && Math.abs(sum - 1) < 1e-6,
    'variations',
    `must have weights within 0 and 1 that add up to 1, not to ${sum}`,
  )
  need(
    (read[0]?.weight ?? 0) > 0,
    'variations.0.weight',
    'must be over 0: without a control there is nothing to compare with',
  )
  return read
}

function checkMetrics(found: Readonly<Record<Family, readonly MetricDefinition[]>>, need: Need): void {
  need(
    found.primary.length >= 1 && found.primary.length <= MAX_PRIMARY,
    'metrics.primary',
    `must be 1 to ${MAX_PRIMARY}: what the experiment is decided by`,
  )
  const all = FAMILIES.flatMap((family) => found[family])
  need(all.length <= MAX_METRICS, 'metrics', `must be at most ${MAX_METRICS}`)
  // An old id and its current id are the same metric.
  const keys = all.map(({ id, version }) => metricKey({ id: currentId('experiments', id), version }))
  need(new Set(keys).size === all.length, 'metrics', 'must be named once each')
  found.guardrail.forEach((metric, at) =>
    need(
      metric.margin !== undefined,
      `metrics.guardrail.${at}`,
      `${metric.id} has no margin, so nothing says what harm is`,
    ),
  )
}

/** The experiment as GrowthBook's SDKs read it. */
export function growthBookOf({
  id,
  variations,
  bucketing,
  phases,
  state,
  killed,
}: RegisteredExperiment): Record<string, unknown> {
  const phase = phases.at(-1)
  return {
    key: id,
    variations: variations.map(({ key }) => key),
    meta: variations.map(({ key, name }) => ({ key, name })),
    weights: phase?.weights ?? variations.map(({ weight }) => weight),
    ...bucketing,
    phase: String(phase?.phase ?? 0),
    ...(state !== 'running' || killed ? { active: false } : {}),
  }
}
