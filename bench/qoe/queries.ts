import type { Query } from '../../platform/clickhouse/index.ts'
import {
  errorsQuery,
  findMetric,
  metricsQuery,
  sessionsQuery,
  timelineQueries,
  type Dimension,
  type Metric,
  type MetricsAsk,
  type SessionsAsk,
} from '../../streams/qoe/index.ts'
import { CLOCK, DAY_MS, DAYS } from './fill.ts'

export interface HistoryQuery {
  readonly name: string
  /** Groups by three dimensions over everything: has a bar of its own. */
  readonly wide: boolean
  readonly query: Query
}

const metrics = (ids: readonly string[]): Metric[] => ids.map((id) => findMetric(id) ?? fail(id))
const fail = (id: string): never => {
  throw new Error(`no metric ${id}`)
}

/**
 * Forty questions that somebody who looks after quality asks of the last fortnight. `end` of it in ms; `session` is one
 * of it.
 */
export function historyQueries(end: number, session: string): HistoryQuery[] {
  const last = (days: number): { clock: string; from: number; to: number; now: number } => ({
    clock: CLOCK,
    from: end - days * DAY_MS,
    to: end,
    now: end,
  })
  const ask = (
    name: string,
    days: number,
    ids: readonly string[],
    more: Partial<MetricsAsk> = {},
    wide = false,
  ): HistoryQuery => ({ name, wide, query: metricsQuery({ ...last(days), metrics: metrics(ids), ...more }) })
  const by = (...groupBy: Dimension[]): { groupBy: Dimension[] } => ({ groupBy })
  const list = (name: string, days: number, more: Partial<SessionsAsk>): HistoryQuery => ({
    name,
    wide: false,
    query: sessionsQuery({ ...last(days), order: 'start', ...more }),
  })
  const [rebuffer, startup, bitrate, ebvs, failed] = [
    'rebuffer_ratio:cta2066',
    'startup.mean:cta2066',
    'average_bitrate:cta2066',
    'ebvs_rate:conviva',
    'playback_failure_rate:cta2066',
  ]
  const board = [rebuffer, startup, bitrate, ebvs, failed]
  const impact = { sort: 'negative_impact' as const, limit: 50 }
  return [
    ask('board, a day', 1, board),
    ask('board, a week', 7, board),
    ask('board, everything', DAYS, board),
    ask('board by hour, a day', 1, board, { interval: 3_600_000 }),
    ask('board by hour, a week', 7, board, { interval: 3_600_000 }),
    ask('board by day', DAYS, board, { interval: DAY_MS }),
    ask('a day beside the day before', 1, board, { compare: { from: end - 2 * DAY_MS, to: end - DAY_MS } }),
    ask('a week beside the week before', 7, board, { compare: { from: end - 14 * DAY_MS, to: end - 7 * DAY_MS } }),
    ...(['country', 'device', 'app_version', 'asn', 'oca', 'title_id', 'pathway', 'player'] as const).map((dimension) =>
      ask(`rebuffer by ${dimension}, a week`, 7, [rebuffer], { ...by(dimension), ...impact }),
    ),
    ask('start-up by country, quantiles', 7, [startup], { ...by('country'), quantiles: [0.5, 0.95, 0.99] }),
    ask('start-up by device, quantiles and histogram', DAYS, [startup], {
      ...by('device'),
      quantiles: [0.5, 0.95],
      histogram: true,
    }),
    ask('start-up by hour, quantiles', 7, [startup], { interval: 3_600_000, quantiles: [0.5, 0.95] }),
    ask('start-up parts', 7, ['startup_player:playloop', 'startup_content:playloop'], by('device')),
    ask('scores of Mux', 7, [
      'playback_success_score:mux',
      'startup_score:mux',
      'smoothness_score:mux',
      'video_quality_score:mux',
    ]),
    ask('scores of Mux by country', 7, ['smoothness_score:mux'], { ...by('country'), ...impact }),
    ask('failures by code', DAYS, [failed], by('error_code')),
    ask('failures by version', 7, ['vsf_technical_rate:conviva', 'vpf_technical_rate:conviva'].slice(0, 1), {
      ...by('app_version'),
      ...impact,
    }),
    ask('rebuffer, four definitions', 7, [
      'rebuffer_ratio:cta2066',
      'rebuffer_ratio:media3',
      'rebuffer_ratio:puffer',
      'rebuffer_ratio:newrelic',
    ]),
    ask('VMAF and linear QoE by device', 7, ['vmaf:time_weighted', 'linear_qoe:playloop'], by('device')),
    ask('completion by title', 7, ['completion:playloop'], { ...by('title_id'), limit: 100 }),
    ask('switches and frames by device', 7, ['switches_down:playloop', 'dropped_frames:playloop'], by('device')),
    ask('one country by OCA', 7, [rebuffer], { ...by('oca'), ...impact, filters: { country: ['DE'] } }),
    ask('one OCA by hour', 7, board, { interval: 3_600_000, filters: { oca: ['oca-7'] } }),
    ask('country and device, a day', 1, [rebuffer], { ...by('country', 'device'), ...impact }),
    ask('telemetry completeness by version', 7, ['completeness:playloop'], by('app_version')),
    ask(
      'country, ASN and device, everything',
      DAYS,
      [rebuffer, bitrate],
      { ...by('country', 'asn', 'device'), ...impact },
      true,
    ),
    ask(
      'OCA, ASN and country, everything',
      DAYS,
      [rebuffer, startup],
      { ...by('oca', 'asn', 'country'), ...impact },
      true,
    ),
    list('worst sessions of a day', 1, { order: 'stalled' }),
    list('sessions of a cell', 7, {
      order: 'stalled',
      metrics: metrics([rebuffer]),
      filters: { country: ['DE'], device: ['tv'] },
      limit: 200,
    }),
    list('sessions of a profile', DAYS, { filters: { profile_id: ['profile-77'] } }),
    list('sessions of a code', 7, { filters: { error_code: ['E1'] } }),
    { name: 'top errors, a week', wide: false, query: errorsQuery(last(7)) },
    { name: 'a timeline', wide: false, query: timelineQueries({ clock: CLOCK, session_id: session }).records },
  ]
}
