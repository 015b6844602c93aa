import {
  amount,
  axisAmount,
  axisMegabits,
  axisPercent,
  axisSeconds,
  bitrate,
  NONE,
  percent,
  seconds,
} from './format.ts'

/** Format of a metric's values. */
export interface Unit {
  readonly format: (value: number | null) => string
  readonly axis: (value: number) => string
  /** Unit in the title, since the axis omits it. */
  readonly word: string
}

const digits = (value: number, most: number): string =>
  Math.abs(value) >= 1_000 ? amount(value) : String(Number(value.toFixed(Math.abs(value) < 1 ? most + 1 : most)))
const plain = (suffix: string, most = 1): Unit => ({
  format: (value) => (value === null ? NONE : `${digits(value, most)}${suffix}`),
  axis: axisAmount,
  word: suffix.trim(),
})

/** Milliseconds as seconds, or as minutes if long. */
export const duration = (ms: number | null): string =>
  ms === null || Math.abs(ms) < 120_000 ? seconds(ms) : `${(ms / 60_000).toFixed(1)} min`

const UNITS: Readonly<Record<string, Unit>> = {
  ratio: { format: percent, axis: axisPercent, word: '' },
  ms: { format: duration, axis: axisSeconds, word: '' },
  'kbit/s': { format: bitrate, axis: axisMegabits, word: 'Mbit/s' },
  count: plain('', 2),
  '1/min': plain(' a minute', 2),
  points: plain(' points'),
  VMAF: plain(' VMAF'),
  permille: plain(' ‰'),
}

/** `unit` as in /v1/qoe/definitions. */
export const unitOf = (unit: string): Unit => UNITS[unit] ?? plain(` ${unit}`)

export interface Bounded {
  /** null if there is no data. */
  readonly value: number | null
  /** Bounds of the value, given the known missing telemetry; null = no bound. */
  readonly low: number | null
  readonly high: number | null
}

/** 0.58 % to 0.70 %, at least 3, or '' if no telemetry is missing. */
export function bounds({ value, low, high }: Bounded, { format }: Unit): string {
  if (value === null || (low === value && high === value)) return ''
  if (high === null) return low === null ? 'no bound known' : `at least ${format(low)}`
  return low === null
    ? `at most ${format(high)}`
    : format(low) === format(high)
      ? ''
      : `${format(low)} to ${format(high)}`
}
