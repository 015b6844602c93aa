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
import type { Principal } from '../../platform/http/index.ts'
import { metricsOf, type RegisteredExperiment, type SliceShares } from '../../schemas/experiments/experiment.ts'
import { metricKey, type MetricDefinition } from '../../schemas/experiments/metric.ts'
import { OLD_IDS } from '../../schemas/metrics/index.ts'
import {
  isOwner,
  previewQuery,
  reached,
  sliceSharesQuery,
  type MetricPreview,
  type SliceShareRow,
} from '../../streams/experiments/index.ts'
import { fail } from '../errors.ts'
import { refuse, sound } from './faulty.ts'
import { mayAct, ownersOf } from './roles.ts'
import type { ActionOrder, ListQuestion, PreviewQuestion } from './schema.ts'
import { planned, type PreviewAnswer } from './plan.ts'

/** A draft, who sends it, and the client that was authenticated, if any. */
export type DraftOrder = Draft & { readonly by: string }
export type Who = Principal | undefined

/** The life cycle: changes are stored before the response is sent. */
export interface ExperimentService {
  list(question: ListQuestion): Promise<{ experiments: RegisteredExperiment[] }>
  one(id: string): Promise<RegisteredExperiment>
  revisions(id: string): Promise<{ revisions: RegisteredExperiment[] }>
  validate(draft: DraftOrder): Promise<RegisteredExperiment>
  create(draft: DraftOrder, who?: Who): Promise<RegisteredExperiment>
  /** Writes a draft anew; `revision`: the one that was seen. What has started is not changed. */
  change(id: string, draft: DraftOrder, revision?: number, who?: Who): Promise<RegisteredExperiment>
  /** `before` gets the next revision before it is written, and may add to it. */
  act(
    id: string,
    action: Order['action'],
    order: ActionOrder,
    asked?: {
      readonly who?: Who
      readonly before?: (next: RegisteredExperiment) => Promise<RegisteredExperiment>
    },
  ): Promise<RegisteredExperiment>
  /** Fails if a client may not take an action. */
  authorise(id: string, action: string, who: Who): Promise<void>
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
  const seen = async (id: string, revision: number | undefined): Promise<RegisteredExperiment> => {
    const experiment = await one(id)
    if (revision !== undefined && revision !== experiment.revision)
      throw fail('API_EXPERIMENT_MOVED', { id, revision: experiment.revision })
    return experiment
  }
  /** The client of the revision before is none of this one's. */
  const signed = ({ principal: _, ...next }: RegisteredExperiment, who: Who): RegisteredExperiment => ({
    ...next,
    ...(who !== undefined && { principal: who.name }),
  })
  const written = async (order: RegisteredExperiment, who: Who): Promise<RegisteredExperiment> => {
    const next = signed(order, who)
    if (await registry.write(next)) return next
    throw fail('API_EXPERIMENT_MOVED', { id: next.id, revision: next.revision })
  }
  const allow = async (experiment: RegisteredExperiment, action: string, who: Who): Promise<void> => {
    const { id } = experiment
    const owners = ownersOf(experiment, (await registry.revisions(id))[0]!)
    if (!mayAct(action, owners, who))
      throw fail('API_EXPERIMENT_OWNED', { id, action, name: who!.name, owners: owners.join(', ') })
  }
  /** Caps are percentiles of both arms together before the treatment began; they never change afterwards. */
  const capsOf = async (experiment: RegisteredExperiment, at: number): Promise<Record<string, number>> => {
    const caps: Record<string, number> = {}
    const unit = isOwner(experiment.unit) ? experiment.unit : 'profile'
    for (const metric of metricsOf(experiment).filter(({ cap }) => cap !== undefined)) {
      const [past] = await store.rows<MetricPreview>(
        previewQuery({ metric, clock: experiment.clock, end: at, levels: [metric.cap!], unit }),
      )
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
    { coverage, weights, rollout, ...versions }: ActionOrder,
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
    if (action === 'guard')
      return rollout === undefined
        ? refuse([{ at: 'rollout', problem: 'is what guards it, or null for nothing' }])
        : { action, rollout }
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
    async create(draft, who) {
      const experiment = signed(await read(draft), who)
      const isFlag = (await registry.flags.one(draft.id)) !== undefined
      if (isFlag || !(await registry.write(experiment))) throw fail('API_EXPERIMENT_TAKEN', { id: draft.id })
      return experiment
    },
    async change(id, draft, revision, who) {
      const experiment = await seen(id, revision)
      if (experiment.state !== 'draft')
        refuse([{ at: 'state', problem: `is ${experiment.state}: only a draft is written anew` }])
      if (draft.id !== id) refuse([{ at: 'id', problem: `must stay ${id}: another id is another experiment` }])
      const next = { ...(await read(draft)), revision: experiment.revision + 1, action: 'change' }
      await allow(experiment, 'change', who)
      return written(next, who)
    },
    async act(id, action, order, { who, before } = {}) {
      const experiment = await seen(id, order.revision)
      if (action === 'archive') await unneeded(experiment)
      await allow(experiment, action, who)
      const at = (await heard(experiment.clock)) ?? clock.now()
      const next = sound(
        act(experiment, await orderOf(experiment, action, order, at), { by: order.by, at: clock.now(), now: at }),
      )
      return written((await before?.(next)) ?? next, who)
    },
    authorise: async (id, action, who) => allow(await one(id), action, who),
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
      const [past] = await store.rows<MetricPreview>(
        previewQuery({ metric: known, clock: name, end: await now(name), levels: [0.5, 0.9, 0.99] }),
      )
      return planned(known, past, plannedUnits)
    },
  }
}
