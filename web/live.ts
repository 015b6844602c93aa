import { createChart, dataTable, type Chart } from './chart.ts'
import { amount, bitrate, clockTime, fullTime, NONE, percent, seconds, utc } from './format.ts'
import { hasData, headline, lastWhole, merge, placeName, rebufferState, worstFirst, type Frame, type Metrics } from './view.ts'

/** The page *Now*: one stream of frames, drawn as they come; everything that was chosen stands in the address. */
const STALE_MS = 5_000
const SLOW_MS = 5_000

const byId = (id: string): HTMLElement => document.getElementById(id) ?? document.body
const select = (id: string): HTMLSelectElement => byId(id) as HTMLSelectElement
const chosen = (): URLSearchParams => new URLSearchParams({ clock: select('clock').value || 'world', minutes: select('minutes').value, group: select('group').value })

let frame: Frame | undefined
let arrived = 0
let stream: EventSource | undefined

// ---- charts -------------------------------------------------------------------------------------------------------
const pointAll = (index: number, spoken: string): void => {
  for (const chart of charts) chart.point(index)
  if (spoken !== '') byId('cursor-voice').textContent = spoken
}
const [playsChart, stallChart, startupChart, bitrateChart] = [0, 1, 2, 3].map(() => createChart(pointAll)) as [Chart, Chart, Chart, Chart]
const charts = [playsChart, stallChart, startupChart, bitrateChart]
byId('charts').append(...charts.map(({ element }) => element))

function drawCharts({ minutes }: Frame): void {
  const times = minutes.map(({ minute }) => minute)
  const partial = minutes.at(-1)?.partial ?? false
  const line = (name: string, of: (total: Metrics) => number | null) => ({ name, values: minutes.map(({ total }) => of(total)) })
  playsChart.draw({ title: 'Plays', times, partial, format: amount, series: [line('concurrent', (t) => t['concurrent_plays:active_minute']), line('attempts', (t) => t.attempts)] })
  stallChart.draw({ title: 'Rebuffering', times, partial, format: percent, series: [line('ratio', (t) => t['rebuffer_ratio:cta2066'])] })
  startupChart.draw({ title: 'Start-up', times, partial, format: seconds, series: [line('median', (t) => t['startup:cta2066'].p50_ms), line('p95', (t) => t['startup:cta2066'].p95_ms)] })
  bitrateChart.draw({ title: 'Average bitrate', times, partial, format: bitrate, series: [line('played', (t) => t['average_bitrate:cta2066'])] })
}

// ---- tiles, headline, places ----------------------------------------------------------------------------------------
interface Tile {
  readonly name: string
  readonly definition: string
  readonly value: (total: Metrics) => string
  readonly beside: (total: Metrics) => string
}
const TILES: readonly Tile[] = [
  { name: 'Concurrent plays', definition: 'concurrent_plays:active_minute', value: (t) => amount(t['concurrent_plays:active_minute']), beside: (t) => `${amount(t.plays)} began` },
  { name: 'Attempts', definition: 'attempts', value: (t) => amount(t.attempts), beside: (t) => `${amount(t.ebvs)} left before video, ${amount(t.vsf)} failed` },
  { name: 'Start-up, median', definition: 'startup:cta2066', value: (t) => seconds(t['startup:cta2066'].p50_ms), beside: (t) => `p95 ${seconds(t['startup:cta2066'].p95_ms)}` },
  { name: 'Rebuffering', definition: 'rebuffer_ratio:cta2066', value: (t) => percent(t['rebuffer_ratio:cta2066']), beside: (t) => `of watched time, ${rebufferState(t['rebuffer_ratio:cta2066'])}` },
  { name: 'Average bitrate', definition: 'average_bitrate:cta2066', value: (t) => bitrate(t['average_bitrate:cta2066']), beside: () => 'of what was played' },
  { name: 'Errors', definition: 'errors', value: (t) => amount(t.errors.technical + t.errors.business), beside: (t) => `${amount(t.errors.fatal)} ended a play` },
]

function drawTiles(now: Frame): void {
  const total = (lastWhole(now) ?? now.minutes.at(-1))?.total
  byId('tiles').replaceChildren(...TILES.map(({ name, definition, value, beside }) => {
    const tile = element('div', 'tile')
    const label = tile.appendChild(element('div', 'name'))
    const title = Object.assign(document.createElement('abbr'), { textContent: name, title: `${definition}: ${now.definitions[definition] ?? ''}` })
    label.append(title)
    tile.append(element('div', 'value', total === undefined || !hasData(now) ? NONE : value(total)), element('div', 'beside', total === undefined || !hasData(now) ? '' : beside(total)))
    return tile
  }))
}

function drawPlaces(now: Frame): void {
  const minute = lastWhole(now) ?? now.minutes.at(-1)
  const rows = worstFirst(minute)
  if (rows.length === 0) return byId('cells').replaceChildren(element('p', 'none', NONE))
  const table = dataTable(['place', 'plays', 'attempts', 'start-up p50', 'p95', 'rebuffering', 'bitrate', 'errors'], rows.map((row) => [
    placeName(row), amount(row['concurrent_plays:active_minute']), amount(row.attempts), seconds(row['startup:cta2066'].p50_ms), seconds(row['startup:cta2066'].p95_ms),
    percent(row['rebuffer_ratio:cta2066']), bitrate(row['average_bitrate:cta2066']), amount(row.errors.technical + row.errors.business),
  ]))
  rows.forEach((row, index) => { table.tBodies[0]!.rows[index]!.cells[5]!.dataset['state'] = rebufferState(row['rebuffer_ratio:cta2066']) })
  byId('cells').replaceChildren(table)
}

function draw(next: Frame): void {
  frame = next
  arrived = performance.now()
  setText('headline', headline(next, percent, amount))
  const minute = lastWhole(next)
  note(!hasData(next) ? `No data on this clock. Start the world with “npm start”, replay real data with “npm run -s playloop -- replay”, or choose another clock.`
    : minute === undefined ? 'The first minute is not over yet.' : `Figures of the minute from ${clockTime(minute.minute)}; the faded last minute of the lines is not over.`)
  drawTiles(next)
  drawCharts(next)
  drawPlaces(next)
  const { watermark, received } = next.as_of
  setText('as-of', watermark === null ? '' : `Now on this clock: ${fullTime(watermark)}. Latest record in the log: ${received === null ? NONE : fullTime(received)}.`)
  byId('as-of').title = watermark === null ? '' : utc(watermark)
  watch()
}

// ---- slower panels ----------------------------------------------------------------------------------------------------
interface Sink { running: boolean; rows: number; rows_per_second: number; dead_letters: number; inserts_per_second: number; lag: number; retries: number; insert_ms: { p50: number; p99: number }; partitions: { topic: string; partition: number; lag: number; paused: string }[] }
interface Actions { total: number; now: number | null; minutes: { minute: number; action: string; events: number }[]; top_titles: { title_id: string; name: string; plays: number; ratings: number }[] }

async function drawSlow(): Promise<void> {
  const [sink, actions] = await Promise.all([ask<Sink>('/v1/sink'), ask<Actions>(`/v1/actions/live?${new URLSearchParams({ clock: select('clock').value || 'world', minutes: '1440' })}`)])
  if (sink !== undefined) byId('sink').replaceChildren(sinkTable(sink))
  if (actions !== undefined) byId('actions').replaceChildren(...actionsView(actions))
}

function sinkTable(sink: Sink): HTMLElement {
  const paused = sink.partitions.filter((each) => each.paused !== '')
  return dataTable(['figure', 'value'], [
    ['Rows landed', amount(sink.rows)], ['Rows a second', amount(sink.rows_per_second)], ['Inserts a second', sink.inserts_per_second.toFixed(1)],
    ['Lag, records', amount(sink.lag)], ['Insert, median / p99', `${Math.round(sink.insert_ms.p50)} / ${Math.round(sink.insert_ms.p99)} ms`],
    ['Dead letters', amount(sink.dead_letters)], ['Inserts tried again', amount(sink.retries)],
    ['Partitions that wait', paused.length === 0 ? 'none' : paused.map((each) => `${each.topic}/${each.partition}: ${each.paused}`).join(', ')],
  ])
}

function actionsView({ total, now, minutes, top_titles: titles }: Actions): HTMLElement[] {
  if (now === null) return [element('p', 'none', `${NONE}: nobody has clicked, rated or searched on this clock`)]
  const byAction = [...Map.groupBy(minutes, ({ action }) => action)].map(([action, rows]) => [action, amount(rows.reduce((sum, { events }) => sum + events, 0))])
  const summary = element('p', 'note', `${amount(total)} actions in all; the last day of the clock up to ${fullTime(now)}:`)
  return [summary, dataTable(['action', 'events'], byAction), element('h3', '', 'Top titles of that day'),
    titles.length === 0 ? element('p', 'none', NONE) : dataTable(['title', 'plays', 'ratings'], titles.map((row) => [row.name || row.title_id, amount(row.plays), amount(row.ratings)]))]
}

// ---- connection -------------------------------------------------------------------------------------------------------
function connect(): void {
  stream?.close()
  stream = new EventSource(`/v1/qoe/live/stream?${chosen()}`)
  const parse = (event: Event): Frame => JSON.parse((event as MessageEvent<string>).data) as Frame
  stream.addEventListener('frame', (event) => draw(parse(event)))
  stream.addEventListener('change', (event) => {
    if (frame !== undefined) draw(merge(frame, parse(event), Number(select('minutes').value)))
  })
  stream.onerror = () => status(navigator.onLine ? 'bad' : 'warn', navigator.onLine ? 'reconnecting' : 'offline')
}

function watch(): void {
  if (frame === undefined) return
  const age = performance.now() - arrived
  if (age < STALE_MS) status('good', 'live')
  else status('warn', `stale, ${Math.round(age / 1_000)} s old`)
}

async function loadClocks(): Promise<void> {
  const answer = await ask<{ clocks: { clock: string }[] }>('/v1/clocks')
  showClocks((answer?.clocks ?? []).map(({ clock }) => clock))
}

function showClocks(known: readonly string[]): void {
  const wanted = select('clock').value || new URLSearchParams(location.search).get('clock') || 'world'
  const names = [...new Set(['world', wanted, ...known])]
  if (names.join() === [...select('clock').options].map(({ value }) => value).join()) return
  select('clock').replaceChildren(...names.map((name) => new Option(name, name, false, name === wanted)))
}

async function ask<T>(path: string): Promise<T | undefined> {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(10_000) })
    if (!response.ok) throw new Error(((await response.json()) as { title?: string }).title ?? response.statusText)
    return (await response.json()) as T
  } catch {
    return undefined // the connection's state says so already
  }
}

// ---- small things -----------------------------------------------------------------------------------------------------
function element(name: string, className: string, text = ''): HTMLElement {
  return Object.assign(document.createElement(name), { className, textContent: text })
}
function setText(id: string, text: string): void {
  // A live region that is set to the same text again would be read again.
  if (byId(id).textContent !== text) byId(id).textContent = text
}
function note(text: string): void {
  byId('note').hidden = text === ''
  setText('note', text)
}
function status(state: string, word: string): void {
  byId('connection').dataset['state'] = state
  setText('connection', word)
}

const dark = (): boolean => document.documentElement.dataset['theme'] === 'dark' || (document.documentElement.dataset['theme'] === undefined && matchMedia('(prefers-color-scheme: dark)').matches)
function setTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme
  localStorage.setItem('theme', theme)
  showTheme()
}
const showTheme = (): void => byId('theme').setAttribute('aria-pressed', String(dark()))
const toggleTheme = (): void => setTheme(dark() ? 'light' : 'dark')

function keys(event: KeyboardEvent): void {
  const typing = event.target instanceof HTMLElement && ['INPUT', 'SELECT', 'TEXTAREA'].includes(event.target.tagName)
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return
  const help = byId('help') as HTMLDialogElement
  if (event.key === '?' && !help.open) help.showModal()
  else if (event.key === 't') toggleTheme()
  else if (event.key === '/') {
    event.preventDefault()
    select('clock').focus()
  }
}

function restore(): void {
  const theme = localStorage.getItem('theme')
  if (theme !== null) document.documentElement.dataset['theme'] = theme
  showTheme()
  const wanted = new URLSearchParams(location.search)
  for (const id of ['minutes', 'group']) {
    const value = wanted.get(id)
    if (value !== null && [...select(id).options].some((option) => option.value === value)) select(id).value = value
  }
}

function choose(): void {
  history.replaceState(null, '', `?${chosen()}`)
  connect()
  void drawSlow()
}

restore()
document.addEventListener('keydown', keys)
byId('theme').addEventListener('click', toggleTheme)
byId('help-open').addEventListener('click', () => (byId('help') as HTMLDialogElement).showModal())
for (const id of ['clock', 'minutes', 'group']) select(id).addEventListener('change', choose)
showClocks([])
connect()
void loadClocks()
void drawSlow()
setInterval(watch, 500)
setInterval(() => void loadClocks(), 3 * SLOW_MS)
setInterval(() => void drawSlow(), SLOW_MS)
