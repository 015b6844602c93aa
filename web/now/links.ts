import { sessionsLink } from '../shell/links.ts'

/** Which sessions are behind a figure of a minute: those open in the minute, or those that began in it. */
export interface Behind {
  readonly metric: string
  readonly open: boolean
}
const open = (metric: string): Behind => ({ metric, open: true })
const begun = (metric: string): Behind => ({ metric, open: false })

export const OPEN = {
  plays: open('plays:playloop'),
  rebuffering: open('rebuffer_ratio:cta2066'),
  bitrate: open('average_bitrate:cta2066'),
  failedStarts: open('vsf_technical_rate:conviva'),
  fatal: open('playback_failure_rate:cta2066'),
  leftEarly: open('ebvs_rate:conviva'),
  errors: open('errors_technical:playloop'),
} as const
export const BEGUN = {
  attempts: begun('attempts:playloop'),
  plays: begun('plays:playloop'),
  startup: begun('startup:cta2066'),
} as const

/** '' = all. */
export interface Place {
  readonly country: string
  readonly oca: string
}
const MINUTE_MS = 60_000

/** Link from a number to the sessions behind it. */
export const behindMinute = (
  clock: string,
  minute: number,
  { metric, open: wide }: Behind,
  { country, oca }: Place,
): string =>
  sessionsLink({
    clock,
    metric,
    from: minute,
    to: minute + MINUTE_MS,
    ...(wide && { time: 'open' as const }),
    filters: { ...(country !== '' && { country }), ...(oca !== '' && { oca }) },
  })
