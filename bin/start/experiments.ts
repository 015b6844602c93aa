import { BUILT_IN } from '../../models/experiments/index.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import type { UnitMetricId } from '../../schemas/metrics/index.ts'
import { EXPERIMENTS } from '../../producers/simulator/experiments.ts'
import { WORLD_CLOCK } from '../../producers/simulator/scene.ts'

/** Half an hour of the world is minutes of the visitor's: a week would be as good as for ever. */
const WINDOW = { fromMs: 0, toMs: 1_800_000 }
const STARTUP: UnitMetricId = 'startup.unit.quantiles:cta2066'
const STARTUP_MEAN: UnitMetricId = 'startup.unit.mean.cap99:cta2066'
const REBUFFERING: UnitMetricId = 'rebuffer_ratio.unit.cap99:cta2066'
const BITRATE: UnitMetricId = 'average_bitrate.unit:cta2066'
const EXITS: UnitMetricId = 'ebvs_rate.unit:conviva'
const WATCH_TIME: UnitMetricId = 'watch_time.unit.cap999:playloop'
const PLAYS: UnitMetricId = 'plays_per_unit'
const CLICKS: UnitMetricId = 'click_through'
const SHORT: readonly string[] = [STARTUP, STARTUP_MEAN, REBUFFERING, BITRATE, EXITS, WATCH_TIME, PLAYS, CLICKS]
const shortId = (id: string): string => id.replace(/^[a-z0-9_]+/, '$&_30m')

/** The metrics of the world's experiments: those of the house, over half an hour. */
const metrics: readonly MetricDefinition[] = BUILT_IN.filter(({ id }) => SHORT.includes(id)).map((metric) => ({
  ...metric,
  id: shortId(metric.id),
  name: `${metric.name}, first half hour`,
  window: WINDOW,
}))

const NAMES: Readonly<Record<string, readonly [name: string, hypothesis: string, primary: readonly UnitMetricId[]]>> = {
  'startup-prefetch': [
    'Fetch the first segments early',
    'Starting takes less time, and nothing else gets worse',
    [STARTUP_MEAN, STARTUP],
  ],
  'abr-bola': ['BOLA instead of BBA', 'Stalls are no more, bitrate is no less', [REBUFFERING]],
  'artwork-aa': ['The same artwork twice', 'Nothing: both arms are alike', [CLICKS]],
}
const PLANNED_UNITS = 2_000

/**
 * What the world runs is registered and started like anybody's experiments, over HTTP; what is there already stays as
 * it is.
 */
export async function registerWorld(api: string): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${api}/v1/experiments${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'world', ...body }),
      signal: AbortSignal.timeout(10_000),
    })
    const known = response.status === 409 || (response.status === 422 && path.endsWith('/start'))
    if (!response.ok && !known) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
    await response.body?.cancel()
  }
  for (const metric of metrics) await post('/metrics', { metric })
  for (const { id, unit, variations } of EXPERIMENTS) {
    const [name, hypothesis, primary] = NAMES[id] ?? [id, '', [WATCH_TIME]]
    const rest = (names: readonly UnitMetricId[]): string[] =>
      names.filter((metric) => !primary.includes(metric)).map(shortId)
    await post('', {
      id,
      name,
      hypothesis,
      clock: WORLD_CLOCK,
      unit,
      variations: variations.map((key) => ({ key })),
      plannedUnits: PLANNED_UNITS,
      slices: ['device', 'country'],
      metrics: {
        primary: primary.map(shortId),
        guardrail: rest([REBUFFERING, EXITS]),
        secondary: rest([STARTUP_MEAN, BITRATE, WATCH_TIME, PLAYS]),
      },
    })
    await post(`/${id}/start`, {})
  }
}
