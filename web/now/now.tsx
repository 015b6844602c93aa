import { useRef } from 'preact/hooks'
import { openAddress } from '../shell/address.ts'
import type { Clocks } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { clockOptions, type Choice, type Option } from '../shell/choice.tsx'
import { clockTime, fullTime, NONE } from '../shell/format.ts'
import { useAnswer } from '../shell/hooks.ts'
import { Footer } from '../shell/parts.tsx'
import { open, Shell } from '../shell/shell.tsx'
import { HOW_TO_FILL } from '../shell/words.ts'
import { Actions, Complete } from './beside.tsx'
import { Charts } from './charts.tsx'
import { Countries } from './countries.tsx'
import { headline } from './headline.ts'
import { dueOf, followLive, paceOf, questionOf } from './live.ts'
import { Missing } from './missing.tsx'
import { Networks } from './networks.tsx'
import { Places } from './places.tsx'
import { hasData, shownMinute, type Frame } from './view.ts'
import { leftOutWords } from './words.ts'

/** The page *Now*: one stream of frames, drawn as they arrive; all choices are in the address. */
const DEFAULTS = { clock: 'world', country: '', oca: '', minutes: '15', group: 'country_oca', refresh: 'live' }
const OPTIONS_MS = 20_000
const BAR: readonly Choice[] = [
  {
    name: 'minutes',
    label: 'Range',
    options: [
      ['15', '15 minutes'],
      ['30', '30 minutes'],
    ],
  },
  {
    name: 'refresh',
    label: 'Refresh',
    options: [
      ['live', 'as it comes'],
      ['10', 'every 10 s'],
      ['60', 'every minute'],
      ['off', 'paused'],
    ],
  },
]

const address = openAddress(DEFAULTS)
const asking = createAsking(() => dueOf(paceOf(address.get('refresh'))))
const latest = followLive(address, asking)

function Now() {
  const frame = latest.value
  const place = { country: address.get('country'), oca: address.get('oca') }
  const chosen = [place.country, place.oca].filter((part) => part !== '').join(' on ')
  return (
    <Shell
      section="Now"
      address={address}
      standing={asking.shown}
      headline={frame && headline(frame, chosen)}
      note={frame === undefined ? '' : noteOf(frame, chosen)}
      filters={useFilters(frame)}
      bar={BAR}
      footer={
        <Footer
          watermark={frame?.as_of.watermark}
          more={frame && ` Latest record in the log: ${timeOf(frame.as_of.received)}.`}
          json={`/v1/qoe/live?${questionOf(address)}`}
          what="These figures"
        />
      }
    >
      <Charts frame={frame} place={place} />
      <Places address={address} frame={frame} />
      <div class="columns">
        <Countries address={address} />
        <Missing address={address} />
      </div>
      <div class="columns">
        <Networks address={address} />
      </div>
      <div class="columns">
        <Complete frame={frame} />
        <Actions clock={address.get('clock')} />
      </div>
    </Shell>
  )
}

/** Rows that came from no log have no time of it. */
const timeOf = (ms: number | null): string => (ms === null || ms === 0 ? NONE : fullTime(ms))

function noteOf(frame: Frame, chosen: string): string {
  if (!hasData(frame)) return chosen === '' ? `What fills it: ${HOW_TO_FILL}` : 'Another filter may show more.'
  const minute = shownMinute(frame)
  const which =
    minute?.partial !== false
      ? 'The first minute is not over yet.'
      : `Figures of the minute from ${clockTime(minute.minute)}, the last that is over; the faded end of a line is the minute that runs.`
  return [which, leftOutWords(frame)].filter((sentence) => sentence !== '').join(' ')
}

/** Available clocks and places, even those outside the filter; values seen once stay while others are chosen. */
function useFilters(frame: Frame | undefined): readonly Choice[] {
  const clock = address.get('clock')
  const clocks = useAnswer<Clocks>('/v1/clocks', { everyMs: OPTIONS_MS })
  const whole = useAnswer<Frame>(`/v1/qoe/live?${new URLSearchParams({ clock, minutes: '2' })}`, {
    everyMs: OPTIONS_MS,
  })
  const seen = useRef({ country: new Set<string>(), oca: new Set<string>() }).current
  for (const { groups } of [...(frame?.minutes ?? []), ...(whole?.minutes ?? [])])
    for (const { country, oca } of groups) {
      if (country !== '') seen.country.add(country)
      if (oca !== '') seen.oca.add(oca)
    }
  const options = (any: string, values: ReadonlySet<string>): Option[] => [
    ['', any],
    ...[...values].sort().map((value) => [value, value] as const),
  ]
  return [
    { name: 'country', label: 'Country', options: options('any country', seen.country) },
    { name: 'oca', label: 'OCA', options: options('any OCA', seen.oca) },
    { name: 'clock', label: 'Clock', options: clockOptions(clocks?.clocks) },
  ]
}

open(Now)
