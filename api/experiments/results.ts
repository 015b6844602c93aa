import {
  banditStanding,
  clustersQuery,
  crossedCounts,
  crossedSums,
  crossingOf,
  distributionOf,
  distributionQuery,
  hasEnded,
  lateness,
  sampleRatio,
  sampleRatioBy,
  scorecardOf,
  timeseriesOf,
  type ArmCount,
  type BanditStanding,
  type BinRow,
  type ClusterRow,
  type CrossedCount,
  type CrossedRow,
  type Crossing,
  type DimensionHealth,
  type Lateness,
  type Point,
  type SampleRatio,
  type Scorecard,
  type Table,
} from '../../models/experiments/index.ts'
import type { Store } from '../../platform/clickhouse/port.ts'
import { metricsOf } from '../../schemas/experiments/experiment.ts'
import { metricKey } from '../../schemas/experiments/metric.ts'
import { arms, AT_EXPOSURE, lateExposures, type LateRow } from '../../streams/experiments/index.ts'
import type { Bases, Basis } from './basis.ts'
import { crossable, flat, inert, named } from './choices.ts'
import { refuse } from './faulty.ts'
import { compared, largest, type QuantileAnswer } from './quantiles.ts'
import type {
  AsOfQuestion,
  CrossingsQuestion,
  ExportQuestion,
  QuantilesQuestion,
  ScorecardQuestion,
  SeriesQuestion,
} from './schema.ts'
import type { ExperimentService } from './service.ts'

export interface Results {
  scorecard(id: string, question: ScorecardQuestion): Promise<Basis & Pick<Scorecard, 'cells'>>
  timeseries(id: string, question: SeriesQuestion): Promise<Basis & { points: Point[] }>
  quantiles(id: string, question: QuantilesQuestion): Promise<Basis & { comparisons: QuantileAnswer[] }>
  bandit(id: string, question: AsOfQuestion): Promise<Basis & BanditStanding>
  health(id: string): Promise<Basis & HealthAnswer>
  interactions(id: string, question: CrossingsQuestion): Promise<Basis & { crossings: Crossing[] }>
  export(id: string, question: ExportQuestion): Promise<Uint8Array>
}

export interface HealthAnswer {
  /** `exposed`: by first exposure, before exclusions. `counted`: without units that saw several arms. */
  readonly exposed: SampleRatio
  readonly counted: SampleRatio
  readonly multiple: number
  readonly dimensions: Readonly<Record<string, DimensionHealth>>
  /** For a clock in step with the log ('live'); null for others, whose events may arrive at any time. */
  readonly late: Lateness | null
}

export function openResults(store: Store, bases: Bases, experiments: Pick<ExperimentService, 'list'>): Results {
  const scorecard: Results['scorecard'] = async (id, { as_of: asOf, slice = [] }) => {
    const { experiment, basis } = await bases.open(id, asOf)
    const metrics = metricsOf(experiment).filter(({ kind }) => kind !== 'quantile')
    const primary = experiment.metrics.primary.filter(({ kind }) => kind !== 'quantile')
    const asked = { experiment, metrics, now: basis.watermark }
    const tables: Table[] = [{ slice: null, rows: await bases.sums(asked) }]
    // All slices fixed at the start are judged together, whichever are requested: requesting fewer must not produce
    // more discoveries.
    for (const name of slice.length === 0 ? [] : new Set([...experiment.slices, ...slice])) {
      const rows = await bases.sums({ ...asked, metrics: primary, by: name })
      for (const [value, own] of largest(rows))
        tables.push({ slice: { name, value, adHoc: !experiment.slices.includes(name) }, rows: own })
    }
    return {
      ...basis,
      cells: scorecardOf(experiment, tables, basis.watermark).cells.filter(
        (cell) => cell.slice === null || slice.includes(cell.slice.name),
      ),
    }
  }

  return {
    scorecard,
    async timeseries(id, { metric: name, points, as_of: asOf }) {
      const { experiment, basis } = await bases.open(id, asOf)
      const metric = named(experiment, name)
      const started = (
        await store.rows<{ from: number }>(arms({ clock: experiment.clock, experiment: id, unit: experiment.unit }))
      ).map(({ from }) => from)
      const step =
        started.length === 0 ? 1_000 : Math.max(1_000, Math.ceil((basis.watermark - Math.min(...started) + 1) / points))
      const rows = await bases.sums({ experiment, metrics: [metric], now: basis.watermark, everyMs: step })
      return { ...basis, points: timeseriesOf(experiment, metric, rows, step, basis.watermark) }
    },
    async quantiles(id, { metric: name, slice, curve = false, as_of: asOf }) {
      const { experiment, basis } = await bases.open(id, asOf)
      const metrics = (name === undefined ? metricsOf(experiment) : [named(experiment, name)]).filter(
        ({ kind }) => kind === 'quantile',
      )
      if (metrics.length === 0)
        return name === undefined
          ? { ...basis, comparisons: [] }
          : refuse([{ at: 'metric', problem: `${name} is no quantile metric` }])
      const asked = { experiment, metrics, now: basis.watermark, ...(slice && { by: slice }) }
      const [all, picked] = [
        await store.rows<BinRow>(distributionQuery(asked, 'all')),
        await store.rows<BinRow>(distributionQuery(asked, 'picked')),
      ]
      const clusters = new Map<string, ClusterRow[]>()
      // Sessions of units are read again only if the result may be shown, and once for all requests.
      if (slice === undefined && hasEnded(experiment, basis.watermark)) {
        for (const metric of metrics) {
          const quantiles = experiment.variations.map((_, variation) =>
            (metric.levels ?? []).map(
              distributionOf(all.filter((row) => row.metric === metricKey(metric) && row.variation === variation))
                .quantile,
            ),
          )
          clusters.set(metricKey(metric), await store.rows<ClusterRow>(clustersQuery(asked, metric, quantiles)))
        }
      }
      return {
        ...basis,
        comparisons: metrics.flatMap((metric) =>
          compared(
            experiment,
            metric,
            { slice, curve },
            { all, picked, clusters: clusters.get(metricKey(metric)) ?? [] },
          ),
        ),
      }
    },
    async bandit(id, { as_of: asOf }) {
      const { experiment, basis } = await bases.open(id, asOf)
      const metric = experiment.metrics.primary.find(({ kind }) => kind !== 'quantile')
      if (metric === undefined)
        return refuse([
          { at: 'metrics.primary', problem: 'has quantiles alone: weights follow a mean, a count, a share or a ratio' },
        ])
      const rows = await bases.sums({ experiment, metrics: [metric], now: basis.watermark, all: true })
      return { ...basis, ...banditStanding(experiment, metric, rows) }
    },
    async health(id) {
      const { experiment, basis } = await bases.open(id)
      const enrolled = { clock: experiment.clock, experiment: id, unit: experiment.unit }
      const counts = await store.rows<ArmCount>(arms(enrolled))
      const dimensions: Record<string, DimensionHealth> = {}
      for (const name of AT_EXPOSURE)
        dimensions[name] = sampleRatioBy(experiment, await store.rows<ArmCount>(arms(enrolled, name)))
      return {
        ...basis,
        exposed: sampleRatio(experiment, counts),
        counted: sampleRatio(experiment, counts, ({ units, multiple }) => units - multiple),
        multiple: counts.reduce((sum, each) => sum + each.multiple, 0),
        dimensions,
        late: experiment.clock === 'live' ? lateness(await store.rows<LateRow>(lateExposures(enrolled))) : null,
      }
    },
    async interactions(id, { with: asked, as_of: asOf }) {
      const { experiment, basis } = await bases.open(id, asOf)
      const crossings: Crossing[] = []
      const metrics = [...experiment.metrics.primary, ...experiment.metrics.guardrail].filter(
        ({ kind }) => kind !== 'quantile',
      )
      for (const other of crossable(
        experiment,
        (await experiments.list({ clock: experiment.clock })).experiments,
        asked,
      )) {
        const question = { experiment, metrics, now: basis.watermark }
        crossings.push(
          crossingOf(
            [experiment, other],
            metrics,
            await store.rows<CrossedCount>(crossedCounts(question, other)),
            await store.rows<CrossedRow>(crossedSums(question, other)),
          ),
        )
      }
      return { ...basis, crossings }
    },
    async export(id, { format, ...question }) {
      const { cells, offsets, ...basis } = await scorecard(id, question)
      const rows = cells.map((cell) => ({
        ...basis,
        metrics: undefined,
        definition: `${cell.metric}@${cell.version}`,
        offsets: JSON.stringify(offsets),
        ...flat(cell),
      }))
      return store.bytes(
        {
          // An absent value is an empty cell to a spreadsheet.
          sql: "SELECT * FROM format(JSONEachRow, {text:String}) SETTINGS format_csv_null_representation = ''",
          params: { text: rows.map((row) => JSON.stringify(format === 'csv' ? inert(row) : row)).join('\n') },
        },
        format === 'csv' ? 'CSVWithNames' : 'Parquet',
      )
    },
  }
}
