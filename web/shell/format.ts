/** Formats numbers and times for readers. null means that there is no value, which is not zero. */
export const NONE = 'no data'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** With all digits. */
export const exactly = (value: number): string => whole.format(value)

/** 3.4 M, 12.1 k, 912. */
export function amount(value: number | null): string {
  if (value === null) return NONE
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`
  return value >= 1e4 ? `${(value / 1e3).toFixed(1)} k` : whole.format(value)
}

/** A fraction of one, as percent. */
export const percent = (value: number | null): string =>
  value === null ? NONE : `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`

/** Milliseconds as seconds. */
export const seconds = (ms: number | null): string =>
  ms === null ? NONE : `${(ms / 1_000).toFixed(ms < 10_000 ? 2 : 1)} s`

/** 0 s, 45 s, 2 min, 2:30 min, 1:05 h. */
export function sinceText(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  if (minutes === 0) return `${rest} s`
  if (minutes >= 60) return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`
  return rest === 0 ? `${minutes} min` : `${minutes}:${String(rest).padStart(2, '0')} min`
}

/** kbit/s as Mbit/s. */
export const bitrate = (kbps: number | null): string => (kbps === null ? NONE : `${(kbps / 1_000).toFixed(2)} Mbit/s`)

const hourMinute = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })
const dayToo = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hour12: false })

/** 20:15, in the viewer's time zone. */
export const clockTime = (ms: number): string => hourMinute.format(ms)
const second = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
})
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayHour = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
})
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]

/** Time labels of a chart, by step and range: 20:15:30, 20:15, 23 Nov, 20:15 or 23 Nov. */
export function timeLabel(times: readonly number[]): (ms: number) => string {
  const [first = 0, next = first + MINUTE_MS] = times
  if (next - first >= DAY_MS) return (ms) => day.format(ms)
  if ((times.at(-1) ?? first) + next - 2 * first >= DAY_MS) return (ms) => dayHour.format(ms)
  return next - first < MINUTE_MS ? (ms) => second.format(ms) : clockTime
}
/** A period, as short as possible without ambiguity. */
export const periodText = (from: number, to: number): string =>
  `${dayHour.format(from)} to ${day.format(from) === day.format(to) ? clockTime(to) : dayHour.format(to)}`
/** The viewer's time zone. */
export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
export const fullTime = (ms: number): string => `${dayToo.format(ms)} (${zone()})`
export const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const short = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
/** For an axis: no more digits than the value has. */
export const axisAmount = (value: number): string =>
  value >= 1e6
    ? `${short.format(value / 1e6)} M`
    : value >= 1e4
      ? `${short.format(value / 1e3)} k`
      : short.format(value)
export const axisPercent = (value: number): string => `${short.format(value * 100)} %`
export const axisSeconds = (ms: number): string => `${short.format(ms / 1_000)} s`
/** For an axis: the unit is in the title. */
export const axisMegabits = (kbps: number): string => short.format(kbps / 1_000)
