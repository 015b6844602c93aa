import { amount, clockTime, percent, seconds } from '../shell/format.ts'
import {
  BAD,
  failureShare,
  hasData,
  isEnough,
  rebufferState,
  sameplace,
  shownMinute,
  worstFirst,
  type Frame,
  type GroupMetrics,
  type Metrics,
  type Minute,
} from './view.ts'

/** Share of failed starts from which the headline mentions them. */
const MANY_FAIL = 0.05

/** The current state in one sentence, from the last complete minute. Pure. */
export function headline(frame: Frame, chosen: string): string {
  const minute = shownMinute(frame)
  const where = chosen === '' ? '' : ` in ${chosen}`
  if (minute === undefined || !hasData(frame)) return `Nobody plays${where} on the clock “${frame.clock}”`
  const { total } = minute
  const plays = total['concurrent_plays:active_minute']
  const audience = `${amount(plays)} ${plays === 1 ? 'play' : 'plays'}${where}`
  const worst = worstFirst(minute).find(isEnough)
  if (worst !== undefined && rebufferState(worst['rebuffer_ratio:cta2066']) === 'bad')
    return `${[worst.country, worst.oca].filter((part) => part !== '').join(' on ') || 'An unknown place'} stalls ${percent(worst['rebuffer_ratio:cta2066'])} of watched time${since(frame.minutes, minute, worst)}; ${audience}, ${percent(total['rebuffer_ratio:cta2066'])} in all`
  if ((failureShare(total) ?? 0) >= MANY_FAIL)
    return `${percent(failureShare(total))} of starts fail; ${audience}, ${rest(total)}`
  const state = rebufferState(total['rebuffer_ratio:cta2066'])
  return state === 'good' ? `${audience} run well: ${rest(total)}` : `${audience}, ${rest(total)}`
}

const rest = (total: Metrics): string => {
  const startup = total['startup:cta2066'].p50_ms
  return `rebuffering ${percent(total['rebuffer_ratio:cta2066'])}${startup === null ? '' : `, median start-up ${seconds(startup)}`}`
}

/** Since when the place has been bad without interruption, within the minutes shown. */
function since(minutes: readonly Minute[], last: Minute, place: GroupMetrics): string {
  const before = minutes.filter(({ minute }) => minute <= last.minute)
  const good = before.findLastIndex(
    ({ groups }) => (groups.find((row) => sameplace(row, place))?.['rebuffer_ratio:cta2066'] ?? 0) < BAD,
  )
  if (good === before.length - 2) return ''
  return good < 0 ? `, for all of ${before.length} minutes` : ` since ${clockTime(before[good + 1]!.minute)}`
}
