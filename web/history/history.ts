import { openAddress } from '../shell/address.ts'
import { createAsking } from '../shell/asking.ts'
import { fillOptions, h, setText } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { fullTime, NONE, utc } from '../shell/format.ts'
import { openShell } from '../shell/shell.ts'
import type { Clocks, Definition, Definitions, MetricsAnswer } from '../shell/answers.ts'
import { cellsOf, isMoment, seriesOf, wholeOf, type Cell } from './answer.ts'
import { createBreakdown } from './breakdown.ts'
import { createFilters } from './filters.ts'
import { createOverTime } from './over-time.ts'
import { createPeriod } from './period.ts'
import { cellsPath, DEFAULTS, moved, RANGES, seriesPath, viewOf, wholePath, type View } from './question.ts'
import { createSaved } from './saved.ts'
import { createSpread } from './spread.ts'
import { createWhole } from './whole.ts'
import { headline, note } from './words.ts'

/**
 * The page *History*: one question, written in the address, asked in three parts; the latest question is the one that
 * is drawn.
 */
const BY = [
  ['by', 'Break down by'],
  ['by2', 'then by'],
  ['by3', 'then by'],
] as const
/** The engine ends a question after 20 s, and others may wait before it. */
const PATIENCE_MS = 45_000
const CHOSEN = ['chosen', 'chosen period'] as const

const address = openAddress(DEFAULTS, () => soon())
const [chosenMetric, saved] = [h('select', { id: 'metric' }), createSaved((text) => shell.speak(text))]
const filters = createFilters(address, () => view)
const period = createPeriod(address, go)
const shell = openShell({
  section: 'History',
  address,
  search: { label: 'Metric', elements: [h('label', {}, h('span', {}, 'Metric'), chosenMetric)], focus: chosenMetric },
  filters: [
    ...BY.map(([name, label]) => ({ name, label, options: [['', 'nothing']] as const })),
    { name: 'clock', label: 'Clock', options: [['world', 'world']] },
  ],
  bar: [
    { name: 'range', label: 'Range', options: RANGES.map(([value, text]) => [value, text] as const) },
    {
      name: 'refresh',
      label: 'Refresh',
      options: [
        ['off', 'when asked'],
        ['60', 'every minute'],
      ],
    },
  ],
})
const asking = createAsking(shell)
const [whole, spread, breakdown] = [createWhole(), createSpread((text) => shell.speak(text)), createBreakdown(address)]
const overTime = createOverTime({
  speak: (text) => shell.speak(text),
  choose: (from, to) => go({ from: String(from), to: String(to) }),
  move: (by) => {
    if (view !== undefined) narrow(moved(view, by))
  },
})
const [step, cancel] = [h('span', { role: 'status' }), h('button', { type: 'button', id: 'cancel' }, 'Cancel')]
const progress = h('p', { class: 'progress', id: 'progress' }, step, cancel)
const pictures = h('div', { class: 'pictures' }, overTime.element, spread.element)
const [asOf, json] = [h('span'), h('a', { href: '/v1/qoe/metrics' }, 'These figures as JSON')]
shell.main.append(progress, whole.element, pictures, breakdown.element)
shell.footer.append(asOf, ' ', json)
// Where there is room for a column all of it is open; elsewhere the figures come first.
const wide = matchMedia('(min-width: 861px)')
const more = h(
  'details',
  { class: 'more', open: wide.matches },
  h('summary', {}, 'Period, comparison, filters, saved views'),
  ...period.elements,
  filters.element,
  saved,
)
wide.addEventListener('change', () => {
  more.open = wide.matches
})
document.querySelector('.filters > .note')!.before(more)

let view: View | undefined
let definitions: Definitions | undefined
let timer = 0
let stop = new AbortController()

/** Several choices at once, as a step that Back takes back. */
function go(change: Readonly<Record<string, string>>): void {
  history.pushState(null, '', address.with(change))
  soon()
}
const narrow = ({ from, to }: { from: number; to: number }): void => go({ from: String(from), to: String(to) })
/** Listeners of one choice come one after the other: they ask once. */
const soon = (): void => {
  clearTimeout(timer)
  cancel.hidden = false
  timer = setTimeout(() => void load(), 0)
}

async function load(): Promise<void> {
  const mark = asking.begin()
  stop.abort()
  stop = new AbortController()
  const { signal } = stop
  const put = async <T>(what: string, path: string): Promise<T | undefined> => {
    setText(step, `Asking for ${what} …`)
    cancel.hidden = false
    const { data, failure } = await ask<T>(path, { signal, patience: PATIENCE_MS })
    if (!asking.isLatest(mark) || signal.aborted) return undefined
    if (failure === undefined) return data
    asking.failed(failure)
    finish('')
    // What was refused has no figures, and those of another question are not its own.
    show(false)
    shell.say('No answer to this question', '')
    return undefined
  }
  definitions ??= await put<Definitions>('what there is', '/v1/qoe/definitions')
  const clocks = definitions && (await put<Clocks>('clocks', '/v1/clocks'))
  if (definitions === undefined || clocks === undefined) return
  const watermark = clocks.clocks.find(({ clock }) => clock === address.get('clock'))?.watermark
  const definition = definitions.metrics.find(({ id }) => id === address.get('metric')) ?? {
    ...UNKNOWN,
    id: address.get('metric'),
    title: address.get('metric'),
  }
  const now = { ...viewOf(address, watermark ?? NaN), open: isMoment(definition) }
  view = now
  showChoices(
    definitions,
    clocks.clocks.map(({ clock }) => clock),
  )
  show(true)
  showTime(watermark)
  if (watermark === undefined) return nobody(definition, now)
  json.href = wholePath(now)
  const answer = await put<MetricsAnswer>('the whole', wholePath(now))
  if (answer === undefined) return
  asking.answered()
  const pair = wholeOf(answer)
  shell.say(headline(definition, now, pair, undefined), note(definition))
  whole.draw(definition, now, pair)
  spread.draw(definition, now, pair)
  const series = await put<MetricsAnswer>('it over time', seriesPath(now))
  if (series === undefined) return
  overTime.draw(definition, now, watermark, seriesOf(series, now))
  if (now.by.length === 0) breakdown.clear('Choose a dimension in “Break down by” to see where it is worst.')
  else {
    const found = await put<MetricsAnswer>('the breakdown', cellsPath(now))
    if (found === undefined) return
    const cells = cellsOf(found, pair, definition)
    drawCells(definition, now, pair, cells)
  }
  finish('')
}

const UNKNOWN: Definition = {
  id: '',
  title: '',
  definition: '',
  unit: '',
  scale: 1,
  better: 'unknown',
  time: 'start',
  distribution: false,
  source: '',
}

function drawCells(definition: Definition, now: View, pair: ReturnType<typeof wholeOf>, cells: readonly Cell[]): void {
  if (cells.length === 0) return breakdown.clear(NONE)
  breakdown.draw({ definition, view: now, whole: pair, cells })
  shell.say(headline(definition, now, pair, cells[0]), note(definition))
}

function nobody(definition: Definition, now: View): void {
  asking.answered()
  finish('')
  shell.say(
    headline(definition, now, { now: undefined, before: undefined }, undefined),
    `Nothing was heard on the clock “${now.clock}”. What fills it: “npm start” for the simulated world, “npm run -s playloop -- replay” for recorded data, or your own players at the collector. Or choose another clock.`,
  )
  clear()
}

const show = (shown: boolean): void => {
  for (const panel of [whole.element, pictures, breakdown.element]) panel.hidden = !shown
}

function clear(): void {
  whole.clear()
  spread.clear()
  overTime.clear()
  breakdown.clear(NONE)
}

function finish(words: string): void {
  setText(step, words)
  cancel.hidden = true
}
cancel.addEventListener('click', () => {
  stop.abort()
  finish('Cancelled. What is shown below may be of another question.')
})

function showTime(watermark: number | undefined): void {
  setText(asOf, watermark === undefined ? '' : `Now on this clock: ${fullTime(watermark)}.`)
  asOf.title = watermark === undefined ? '' : utc(watermark)
}

/** What can be chosen, with what is. */
function showChoices({ metrics, dimensions }: Definitions, clocks: readonly string[]): void {
  if (chosenMetric.options.length === 0) {
    const families = Map.groupBy(metrics, ({ id }) => id.slice(id.indexOf(':') + 1))
    chosenMetric.append(
      ...[...families].map(([family, own]) =>
        h('optgroup', { label: family }, ...own.map(({ id, title }) => new Option(title, id))),
      ),
    )
    for (const [name, label] of BY)
      fillOptions(
        shell.select(name),
        [['', label === 'then by' ? 'nothing more' : 'nothing'], ...dimensions.map((each) => [each, each] as const)],
        address.get(name),
      )
  }
  if (![...chosenMetric.options].some(({ value }) => value === address.get('metric')))
    chosenMetric.append(new Option(address.get('metric'), address.get('metric')))
  chosenMetric.value = address.get('metric')
  fillOptions(
    shell.select('clock'),
    [...new Set(['world', ...clocks])].map((name) => [name, name] as const),
    address.get('clock'),
  )
  for (const name of ['by', 'by2', 'by3', 'clock', 'refresh']) shell.select(name).value = address.get(name)
  const free = address.get('from') !== '' && address.get('to') !== ''
  fillOptions(
    shell.select('range'),
    [...RANGES.map(([value, text]) => [value, text] as const), ...(free ? [CHOSEN] : [])],
    free ? 'chosen' : address.get('range'),
  )
  shell.select('range').value = free ? 'chosen' : address.get('range')
  period.draw(view!)
  filters.draw(dimensions)
}

chosenMetric.addEventListener('change', () => go({ metric: chosenMetric.value }))
// A range of the list takes the place of a period that was chosen freely.
shell.select('range').addEventListener('change', () => {
  if (shell.select('range').value !== 'chosen') go({ range: shell.select('range').value, from: '', to: '' })
})
addEventListener('popstate', soon)
setInterval(() => {
  if (address.get('refresh') !== 'off' && cancel.hidden) soon()
}, 60_000)
soon()
