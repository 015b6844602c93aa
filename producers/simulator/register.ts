import type { Clock } from '../../platform/clock.ts'
import { errorMessage } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { MetricDefinition } from '../../schemas/experiments/metric.ts'
import type { UnitMetricId } from '../../schemas/metrics/index.ts'
import { EXPERIMENTS } from './experiments.ts'
import { WORLD_CLOCK } from './scene.ts'

/** Half an hour of world time is minutes for a visitor; a window of a week would take too long to fill. */
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
const TIMEOUT_MS = 10_000
const RETRY_MS = 5_000

export interface Registration {
  /** URL of the API. */
  readonly api: string
  /** Key with the scopes `read` and `write:experiments`; undefined = none is wanted. */
  readonly key?: string | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
}

/**
 * Registers and starts the world's experiments over HTTP, as any client would; existing ones stay unchanged. Retries a
 * failure until it works or the world ends: a busy store answers late in its first minute.
 */
export async function registerExperiments({ api, clock, key, logger, signal }: Registration): Promise<void> {
  while (!signal.aborted) {
    try {
      return await registerAll({ api, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } }, signal)
    } catch (error) {
      if (signal.aborted) return
      logger.warn({ error: errorMessage(error) }, "the world's experiments could not be registered, trying again")
      await clock.sleep(RETRY_MS, signal).catch(() => undefined)
    }
  }
}

type Api = { readonly api: string; readonly headers: Readonly<Record<string, string>> }

async function registerAll({ api, headers }: Api, signal: AbortSignal): Promise<void> {
  const within = (): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${api}/v1/experiments${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'world', ...body }),
      signal: within(),
    })
    const isStart = path.endsWith('/start')
    // What others have started, or taken over, is theirs.
    const known = response.status === 409 || (isStart && [403, 422].includes(response.status))
    if (!response.ok && !known) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
    await response.body?.cancel()
  }
  const answer = await fetch(`${api}/v1/experiments/metrics`, { headers, signal: within() })
  const { metrics } = (await answer.json()) as { metrics: readonly MetricDefinition[] }
  for (const metric of metrics.filter(({ id }) => SHORT.includes(id))) await post('/metrics', { metric: short(metric) })
  for (const experiment of EXPERIMENTS) {
    await post('', draftOf(experiment))
    await post(`/${experiment.id}/start`, {})
  }
}

/** A metric of the product, over half an hour. */
const short = (metric: MetricDefinition): MetricDefinition => ({
  ...metric,
  id: shortId(metric.id),
  name: `${metric.name}, first half hour`,
  window: WINDOW,
})

function draftOf({ id, unit, variations }: (typeof EXPERIMENTS)[number]): object {
  const [name, hypothesis, primary] = NAMES[id] ?? [id, '', [WATCH_TIME]]
  const rest = (names: readonly UnitMetricId[]): string[] =>
    names.filter((metric) => !primary.includes(metric)).map(shortId)
  return {
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
  }
}
