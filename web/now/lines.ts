import type { ChartData } from '../chart/data.ts'
import {
  amount,
  axisAmount,
  axisMegabits,
  axisPercent,
  axisSeconds,
  bitrate,
  percent,
  seconds,
} from '../shell/format.ts'
import { BEGUN, behindMinute, OPEN, type Behind, type Place } from './links.ts'
import { BAD, NOTICEABLE, rebufferState, type Frame, type Metrics } from './view.ts'

type Of = (total: Metrics) => number | null
export interface Chart extends Pick<ChartData, 'format' | 'axis' | 'counted' | 'thresholds'> {
  readonly id: string
  readonly title: string
  /** Ids of the lines' definitions. */
  readonly means: readonly string[]
  readonly lines: Readonly<Record<string, Of>>
  /** The sessions behind each line. */
  readonly behind: readonly Behind[]
  readonly judge?: (value: number | null) => string
}

const COUNTED = { format: amount, axis: axisAmount, counted: true }

/** The charts of the page, one per question. */
export const CHARTS: readonly Chart[] = [
  {
    id: 'plays',
    title: 'Concurrent plays',
    means: ['concurrent_plays:active_minute'],
    ...COUNTED,
    behind: [OPEN.plays],
    lines: { plays: (t) => t['concurrent_plays:active_minute'] },
  },
  {
    id: 'rebuffering',
    title: 'Rebuffering, share of watched time',
    means: ['rebuffer_ratio:cta2066'],
    format: percent,
    axis: axisPercent,
    judge: rebufferState,
    thresholds: [
      { value: NOTICEABLE, name: 'noticeable' },
      { value: BAD, name: 'bad' },
    ],
    behind: [OPEN.rebuffering],
    lines: { rebuffering: (t) => t['rebuffer_ratio:cta2066'] },
  },
  {
    id: 'startup',
    title: 'Start-up time',
    means: ['startup:cta2066'],
    format: seconds,
    axis: axisSeconds,
    behind: [BEGUN.startup, BEGUN.startup],
    lines: { median: (t) => t['startup:cta2066'].p50_ms, 'slowest 5 %': (t) => t['startup:cta2066'].p95_ms },
  },
  {
    id: 'starts',
    title: 'Start-ups a minute',
    means: ['attempts', 'plays'],
    ...COUNTED,
    behind: [BEGUN.attempts, BEGUN.plays],
    lines: { attempts: (t) => t.attempts, 'first frames': (t) => t.plays },
  },
  {
    id: 'failures',
    title: 'Failures a minute',
    means: ['vsf', 'ebvs', 'errors'],
    ...COUNTED,
    behind: [OPEN.failedStarts, OPEN.fatal, OPEN.leftEarly],
    lines: { 'failed starts': (t) => t.vsf, 'fatal errors': (t) => t.errors.fatal, 'left early': (t) => t.ebvs },
  },
  {
    id: 'bitrate',
    title: 'Average bitrate, Mbit/s',
    means: ['average_bitrate:cta2066'],
    format: bitrate,
    axis: axisMegabits,
    behind: [OPEN.bitrate],
    lines: { bitrate: (t) => t['average_bitrate:cta2066'] },
  },
]

/** The data of a chart from a frame; each value links to its sessions. */
export function dataOf(
  { lines, behind, format, axis, counted, thresholds }: Chart,
  { clock, minutes }: Frame,
  place: Place,
): ChartData {
  return {
    times: minutes.map(({ minute }) => minute),
    partial: minutes.at(-1)?.partial ?? false,
    format,
    axis,
    counted: counted ?? false,
    thresholds: thresholds ?? [],
    series: Object.entries(lines).map(([name, of], i) => ({
      name,
      values: minutes.map(({ total }) => of(total)),
      links: minutes.map(({ minute }) => behindMinute(clock, minute, behind[i]!, place)),
    })),
  }
}
