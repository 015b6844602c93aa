import type { ActionName, MetricDefinition, Part, SessionColumn } from '../../../schemas/experiments/metric.ts'

const DAY_MS = 86_400_000
const session = (column: SessionColumn): Part => ({ from: 'session', column })
const acts = (...actions: ActionName[]): Part => ({ from: 'action', column: 'acts', actions })
const WEEK = { fromMs: 0, toMs: 7 * DAY_MS }

/**
 * Metrics that everybody needs, as data like any other. Names before the colon say what, after it by whose definition:
 * cta2066 are those of the pages of playback quality (streams/qoe), over units' sessions.
 */
export const BUILT_IN: readonly MetricDefinition[] = [
  {
    id: 'startup:cta2066', version: 1, name: 'Start-up time', kind: 'quantile', value: session('startup_ms'), levels: [0.25, 0.5, 0.75, 0.9, 0.95, 0.99], window: WEEK, better: 'down', unit: 'ms',
    description: 'Playback request to first frame over sessions. An attempt that never showed a frame counts as infinitely slow: a change that loses the slowest attempts does not look faster for it.',
  },
  { id: 'startup_mean:cta2066', version: 1, name: 'Start-up time, mean', kind: 'ratio', value: session('startup_ms'), per: session('plays'), window: WEEK, better: 'down', margin: 0.02, cap: 0.99, unit: 'ms', description: 'Mean over sessions that showed a frame: read it with attempts and exits before start beside. The slowest units count as the 99th percentile of before.' },
  { id: 'rebuffer_ratio:cta2066', version: 1, name: 'Rebuffering', kind: 'ratio', value: session('stall_ms'), per: session('watched_ms'), window: WEEK, better: 'down', margin: 0.05, cap: 0.99, unit: 'share', description: 'Time stalled by time watched (start-up, playing, stalled, seeking), both summed over units. The few units that stall most count as the 99th percentile of before: without that a mean of stalls says nothing below a hundred thousand units.' },
  { id: 'ebvs_rate:cta2066', version: 1, name: 'Exits before video start', kind: 'ratio', value: session('ebvs'), per: session('attempts'), window: WEEK, better: 'down', margin: 0.05, unit: 'share', description: 'Attempts left without a first frame and without a failure, by attempts.' },
  { id: 'vsf_rate:cta2066', version: 1, name: 'Video start failures', kind: 'ratio', value: session('vsf'), per: session('attempts'), window: WEEK, better: 'down', margin: 0.05, unit: 'share', description: 'Attempts that failed before the first frame, by attempts.' },
  { id: 'vpf_rate:cta2066', version: 1, name: 'Video playback failures', kind: 'ratio', value: session('vpf'), per: session('plays'), window: WEEK, better: 'down', margin: 0.05, unit: 'share', description: 'Plays that ended by a fatal error, by plays.' },
  { id: 'play_failures', version: 1, name: 'First play failure', kind: 'count', value: session('errors_fatal'), window: WEEK, better: 'down', unit: 'events', description: 'Fatal errors a unit; the first of each unit is tested as a count.' },
  { id: 'average_bitrate:cta2066', version: 1, name: 'Average bitrate', kind: 'ratio', value: session('bits_played'), per: session('media_ms'), window: WEEK, better: 'up', margin: 0.02, unit: 'kbit/s', description: 'Bits of media played by media time played.' },
  { id: 'attempts', version: 1, name: 'Play attempts', kind: 'mean', value: session('attempts'), window: WEEK, better: 'up', unit: 'events', description: 'Playback requests a unit.' },
  { id: 'watch_time', version: 1, name: 'Watch time', kind: 'mean', value: session('media_ms'), window: WEEK, better: 'up', margin: 0.01, cap: 0.999, unit: 'ms', description: 'Media time played a unit in a week.' },
  { id: 'plays_per_unit', version: 1, name: 'Plays', kind: 'count', value: session('plays'), window: WEEK, better: 'up', unit: 'events', description: 'Plays a unit in a week; divide by seven for plays a day.' },
  { id: 'completion', version: 1, name: 'Completion', kind: 'ratio', value: session('finishes'), per: session('plays'), window: WEEK, better: 'up', margin: 0.02, unit: 'share', description: 'Plays to the end, by plays.' },
  { id: 'click_through', version: 1, name: 'Click-through', kind: 'ratio', value: acts('click'), per: acts('impression'), window: WEEK, better: 'up', unit: 'share', description: 'Clicks by impressions, both summed over units.' },
  { id: 'discovery', version: 1, name: 'From page to end', kind: 'funnel', steps: [acts('impression'), acts('click'), acts('play'), acts('finish')], window: WEEK, better: 'up', unit: 'share', description: 'Units that saw a title, clicked, played and finished, in this order.' },
  { id: 'played', version: 1, name: 'Played at all', kind: 'proportion', value: acts('play'), window: { fromMs: 0, toMs: DAY_MS }, better: 'up', unit: 'share', description: 'Units that played on the day of their first exposure.' },
  { id: 'retention_day_1', version: 1, name: 'Back the next day', kind: 'retention', value: acts('play'), window: { fromMs: DAY_MS, toMs: 2 * DAY_MS }, better: 'up', unit: 'share', description: 'Units that played again 24 to 48 hours after their first exposure.' },
  { id: 'retention_week_1', version: 1, name: 'Back within the week', kind: 'retention', value: acts('play'), window: { fromMs: DAY_MS, toMs: 7 * DAY_MS }, better: 'up', margin: 0.01, unit: 'share', description: 'Units that played again 1 to 7 days after their first exposure.' },
]
