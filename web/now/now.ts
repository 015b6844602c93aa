import type { Clocks } from '../shell/answers.ts'
import { openAddress } from '../shell/address.ts'
import { fillOptions, h, setText } from '../shell/dom.ts'
import { ask, openFeed, type Feed, type Pace } from '../shell/feed.ts'
import { clockTime, fullTime, NONE, utc } from '../shell/format.ts'
import { openShell } from '../shell/shell.ts'
import type { Failure } from '../shell/state.ts'
import { createActions, createComplete } from './beside.ts'
import { createCharts } from './charts.ts'
import { createCountries } from './countries.ts'
import { headline } from './headline.ts'
import { createMissing } from './missing.ts'
import { createNetworks } from './networks.ts'
import { createPlaces } from './places.ts'
import { hasData, merge, shownMinute, type Frame } from './view.ts'

/** The page *Now*: one stream of frames, drawn as they come; everything that was chosen stands in the address. */
const DEFAULTS = { clock: 'world', country: '', oca: '', minutes: '15', group: 'country_oca', refresh: 'live' }
const GROUPS = [
  ['country_oca', 'country and OCA'],
  ['country', 'country'],
  ['oca', 'OCA'],
] as const
/** A stream says something every two seconds, ms. */
const DUE_MS = 5_000
const [SLOW_MS, OPTIONS_MS, WATCH_MS] = [5_000, 20_000, 500]

const address = openAddress(DEFAULTS, () => connect())
const any = (what: string): readonly (readonly [string, string])[] => [['', `any ${what}`]]
const shell = openShell({
  section: 'Now',
  address,
  filters: [
    { name: 'country', label: 'Country', options: any('country') },
    { name: 'oca', label: 'OCA', options: any('OCA') },
    { name: 'clock', label: 'Clock', options: [['world', 'world']] },
  ],
  bar: [
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
  ],
})
const charts = createCharts((text) => shell.speak(text))
const group = h(
  'select',
  { id: 'group', name: 'group' },
  ...GROUPS.map(([value, text]) => new Option(text, value, false, value === address.get('group'))),
)
const places = createPlaces(address, h('label', {}, h('span', {}, 'By'), group))
const [complete, actions] = [createComplete(), createActions()]
const [countries, missing, networks] = [createCountries(address), createMissing(address), createNetworks(address)]
shell.main.append(
  h('section', { id: 'charts', class: 'charts', 'aria-label': 'Minute by minute' }, ...charts.elements),
  places.element,
  h('div', { class: 'columns' }, countries.element, missing.element),
  h('div', { class: 'columns' }, networks.element),
  h('div', { class: 'columns' }, complete.element, actions.element),
)
group.addEventListener('change', () => address.set('group', group.value))

const [asOf, json] = [h('span'), h('a', { href: '/v1/qoe/live' }, 'These figures as JSON')]
shell.footer.append(asOf, ' ', json)

let feed: Feed | undefined
let frame: Frame | undefined
let arrived = 0
let failure: Failure | undefined
/** Values of a filter that were seen; they stay while others are chosen. */
const seen = { country: new Set<string>(), oca: new Set<string>() }

function question(): string {
  const asked = new Map(['clock', 'minutes', 'group', 'country', 'oca'].map((name) => [name, address.get(name)]))
  return new URLSearchParams([...asked].filter(([, value]) => value !== '')).toString()
}

function connect(): void {
  feed?.close()
  failure = undefined
  const refresh = address.get('refresh')
  feed = openFeed<Frame>(`/v1/qoe/live?${question()}`, `/v1/qoe/live/stream?${question()}`, paceOf(refresh), {
    take(next, change) {
      if (change && frame === undefined) return
      failure = undefined
      arrived = performance.now()
      draw(change ? merge(frame!, next, Number(address.get('minutes'))) : next)
    },
    fail(found) {
      failure = found
      watch()
    },
  })
  void actions.load(address.get('clock'))
  void loadOptions()
  loadPast()
}

const loadPast = (): void => {
  for (const each of [countries, missing, networks]) void each.load()
}

const paceOf = (refresh: string): Pace =>
  refresh === 'off' ? 'paused' : Number(refresh) > 0 ? Number(refresh) * 1_000 : 'live'

function draw(next: Frame): void {
  frame = next
  const minute = shownMinute(next)
  const chosen = [address.get('country'), address.get('oca')].filter((part) => part !== '').join(' on ')
  shell.say(
    headline(next, chosen),
    !hasData(next)
      ? emptyNote(chosen)
      : minute?.partial !== false
        ? 'The first minute is not over yet.'
        : `Figures of the minute from ${clockTime(minute.minute)}, the last that is over; the faded end of a line is the minute that runs.`,
  )
  charts.draw(next, { country: address.get('country'), oca: address.get('oca') })
  places.draw(next)
  complete.draw(next)
  for (const { groups } of next.minutes) for (const row of groups) note(row)
  showOptions()
  const { watermark, received } = next.as_of
  setText(
    asOf,
    watermark === null
      ? ''
      : `Now on this clock: ${fullTime(watermark)}. Latest record in the log: ${received === null ? NONE : fullTime(received)}.`,
  )
  asOf.title = watermark === null ? '' : utc(watermark)
  json.href = `/v1/qoe/live?${question()}`
  watch()
}

const emptyNote = (chosen: string): string =>
  chosen === ''
    ? 'What fills it: “npm start” for the simulated world, “npm run -s playloop -- replay” for recorded data, or your own players at the collector. Or choose another clock.'
    : 'Another filter may show more.'

function note({ country, oca }: { readonly country: string; readonly oca: string }): void {
  if (country !== '') seen.country.add(country)
  if (oca !== '') seen.oca.add(oca)
}

function showOptions(): void {
  for (const [name, what] of [
    ['country', 'country'],
    ['oca', 'OCA'],
  ] as const)
    fillOptions(shell.select(name), [...any(what), ...[...seen[name]].sort().map((value) => [value, value] as const)])
}

/** Clocks that there are, and places beyond the filter. */
async function loadOptions(): Promise<void> {
  const clock = address.get('clock')
  const [clocks, whole] = await Promise.all([
    ask<Clocks>('/v1/clocks'),
    ask<Frame>(`/v1/qoe/live?${new URLSearchParams({ clock, minutes: '2' })}`),
  ])
  const names = new Set(['world', ...(clocks.data?.clocks ?? []).map(({ clock: name }) => name)])
  fillOptions(
    shell.select('clock'),
    [...names].map((name) => [name, name] as const),
  )
  for (const { groups } of whole.data?.minutes ?? []) groups.forEach(note)
  showOptions()
}

function watch(): void {
  const pace = paceOf(address.get('refresh'))
  shell.stand({
    online: navigator.onLine,
    failure,
    ageMs: frame === undefined ? undefined : performance.now() - arrived,
    dueMs: pace === 'paused' ? undefined : pace === 'live' ? DUE_MS : 2.5 * pace,
  })
}

connect()
watch()
void complete.load()
addEventListener('online', watch)
addEventListener('offline', watch)
setInterval(watch, WATCH_MS)
setInterval(() => {
  void complete.load()
  void actions.load(address.get('clock'))
}, SLOW_MS)
setInterval(() => {
  void loadOptions()
  if (address.get('refresh') !== 'off') loadPast()
}, OPTIONS_MS)
