import {
  act,
  flagsThatNeed,
  metricNamed,
  openRegistry,
  readDraft,
  readMetric,
  type Draft,
  type Order,
} from '../../models/experiments/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { metricsOf, type RegisteredExperiment, type SliceShares } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import { OLD_IDS } from '../../schemas/metrics/index.ts'
import {
  previewQuery,
  reached,
  sliceSharesQuery,
  type MetricPreview,
  type SliceShareRow,
} from '../../streams/experiments/index.ts'
import { fail } from '../errors.ts'
import { refuse, sound } from './faulty.ts'
import type { ActionOrder, ListQuestion, PreviewQuestion } from './schema.ts'
import { planned, type PreviewAnswer } from './plan.ts'

export type DraftOrder = Draft & { readonly by: string }

/** The life cycle: changes are stored before the response is sent. */
export interface ExperimentService {
  list(question: ListQuestion): Promise<{ experiments: RegisteredExperiment[] }>
  one(id: string): Promise<RegisteredExperiment>
  revisions(id: string): Promise<{ revisions: RegisteredExperiment[] }>
  validate(draft: DraftOrder): Promise<RegisteredExperiment>
  create(draft: DraftOrder): Promise<RegisteredExperiment>
  act(id: string, action: Order['action'], order: ActionOrder): Promise<RegisteredExperiment>
  /** Includes old ids of built-in metrics, which are supported for one version, with the ids that replace them. */
  metrics(): Promise<{ metrics: MetricDefinition[]; replaced: Readonly<Record<string, string>> }>
  defineMetric(metric: unknown): Promise<MetricDefinition>
  preview(question: PreviewQuestion): Promise<PreviewAnswer>
  /** Current time of a clock, ms; fails if the clock has no events. */
  now(clock: string): Promise<number>
  /** Whether a time of a clock has passed. For a replayed data set, all of it has. */
  hasBeen(clock: string, at: number): Promise<boolean>
}

export interface ExperimentDeps {
  readonly store: Store
  readonly clock: Clock
  /** Watermark of a clock according to its telemetry. */
  readonly watermark: (clock: string) => Promise<number | undefined>
}

export function openExperiments({ store, clock, watermark }: ExperimentDeps): ExperimentService {
  const registry = openRegistry(store)
  const heard = async (name: string): Promise<number | undefined> =>
    (await watermark(name)) ?? (await store.rows<{ at: number | null }>(reached(name)))[0]?.at ?? undefined
  const now = async (name: string): Promise<number> =>
    (await heard(name)) ?? Promise.reject(fail('API_CLOCK_SILENT', { clock: name }))
  const one = async (id: string): Promise<RegisteredExperiment> =>
    (await registry.experiment(id)) ?? Promise.reject(fail('API_EXPERIMENT_UNKNOWN', { id }))
  const read = async (draft: DraftOrder): Promise<RegisteredExperiment> => {
    const [metrics, experiments] = [await registry.metrics(), await registry.experiments()]
    const groups = (await registry.groups.served()).map(({ id }) => id)
    return { ...sound(readDraft(draft, { metrics, experiments, groups })), by: draft.by, at: clock.now() }
  }
  /** Caps are percentiles of both arms together before the treatment began; they never change afterwards. */
  const capsOf = async (experiment: RegisteredExperiment, at: number): Promise<Record<string, number>> => {
    const caps: Record<string, number> = {}
    for (const metric of metricsOf(experiment).filter(({ cap }) => cap !== undefined)) {
      const [past] = await store.rows<MetricPreview>(previewQuery(metric, experiment.clock, at, [metric.cap!]))
      // Without past data there is no value to cap at.
      if (past !== undefined && past.units >= 100 && past.percentiles[0]! > 0)
        caps[metricKey(metric)] = past.percentiles[0]!
    }
    return caps
  }
  /** Empty without data of the days before: then no shares of slices are planned. */
  const sharesOf = async (name: string, at: number): Promise<SliceShares> => {
    const bySlice = Map.groupBy(await store.rows<SliceShareRow>(sliceSharesQuery(name, at)), ({ slice }) => slice)
    return Object.fromEntries(
      [...bySlice].map(([slice, rows]) => [slice, Object.fromEntries(rows.map(({ value, share }) => [value, share]))]),
    )
  }
  /** Fails if other experiments or flags depend on this one. */
  const unneeded = async ({ id, clock: name }: RegisteredExperiment): Promise<void> => {
    const children = (await registry.experiments()).filter(
      (each) =>
        each.clock === name &&
        ['draft', 'running', 'paused'].includes(each.state) &&
        each.bucketing.parentConditions?.some((parent) => parent.id === id) === true,
    )
    const flags = flagsThatNeed(id, await registry.flags.served())
    if (children.length + flags.length > 0)
      refuse([
        {
          at: 'action',
          problem: `${[...children.map((child) => child.id), ...flags].join(', ')} asks for its value first: stop or archive that before`,
        },
      ])
  }
  const orderOf = async (
    experiment: RegisteredExperiment,
    action: Order['action'],
    { coverage, weights, ...versions }: ActionOrder,
    at: number,
  ): Promise<Order> => {
    if (action === 'start')
      return experiment.state === 'draft'
        ? { action, caps: await capsOf(experiment, at), sliceShares: await sharesOf(experiment.clock, at) }
        : { action, caps: {} }
    if (action === 'ramp')
      return coverage === undefined
        ? refuse([{ at: 'coverage', problem: 'is what a ramp changes' }])
        : { action, coverage }
    if (action === 'reweigh')
      return weights === undefined
        ? refuse([{ at: 'weights', problem: 'are what begins a phase' }])
        : { action, weights, bucketVersion: versions.bucketVersion, minBucketVersion: versions.minBucketVersion }
    return { action }
  }

  return {
    now,
    one,
    hasBeen: async (name, at) => name.startsWith('replay:') || at <= Math.max(clock.now(), (await heard(name)) ?? 0),
    list: async ({ state, clock: name }) => ({
      experiments: (await registry.experiments()).filter(
        (each) => (state === undefined || each.state === state) && (name === undefined || each.clock === name),
      ),
    }),
    async revisions(id) {
      await one(id)
      return { revisions: await registry.revisions(id) }
    },
    validate: read,
    async create(draft) {
      const experiment = await read(draft)
      const isFlag = (await registry.flags.one(draft.id)) !== undefined
      if (isFlag || !(await registry.write(experiment))) throw fail('API_EXPERIMENT_TAKEN', { id: draft.id })
      return experiment
    },
    async act(id, action, order) {
      const experiment = await one(id)
      if (order.revision !== undefined && order.revision !== experiment.revision)
        throw fail('API_EXPERIMENT_MOVED', { id, revision: experiment.revision })
      if (action === 'archive') await unneeded(experiment)
      const at = (await heard(experiment.clock)) ?? clock.now()
      const next = sound(
        act(experiment, await orderOf(experiment, action, order, at), { by: order.by, at: clock.now(), now: at }),
      )
      if (!(await registry.write(next))) throw fail('API_EXPERIMENT_MOVED', { id, revision: next.revision })
      return next
    },
    metrics: async () => ({ metrics: await registry.metrics(), replaced: OLD_IDS.experiments }),
    async defineMetric(raw) {
      const metric = sound(readMetric(raw))
      if (!(await registry.defineMetric(metric))) throw fail('API_METRIC_TAKEN', { metric: metricKey(metric) })
      return metric
    },
    async preview({ clock: name, metric: asked, plannedUnits }) {
      const known = typeof asked === 'string' ? metricNamed(asked, await registry.metrics()) : sound(readMetric(asked))
      if (known === undefined)
        return refuse([{ at: 'metric', problem: `nothing is known of the metric ${String(asked)}` }])
      const [past] = await store.rows<MetricPreview>(previewQuery(known, name, await now(name), [0.5, 0.9, 0.99]))
      return planned(known, past, plannedUnits)
    },
  }
}
