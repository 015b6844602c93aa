import { createTable } from '../chart/table.ts'
import { openAddress } from '../shell/address.ts'
import type {
  Clocks,
  Definitions,
  ErrorsAnswer,
  ListedSession,
  MetricsAnswer,
  SessionsAnswer,
} from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { fillOptions, h, setText } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { filtersOf } from '../shell/filters.ts'
import { amount, clockTime, fullTime, NONE } from '../shell/format.ts'
import { openShell } from '../shell/shell.ts'
import { DEFAULTS, errorsPath, listPath, numberPath, ORDERS, RANGES } from './question.ts'
import { createSearch } from './search.ts'
import { completeWords, HEAD, headline, note, numberOf, sessionRow, sumRows } from './view.ts'

/** The page *Sessions*: a number, the sessions that made it, and their sum, which is the number again. */
const address = openAddress(DEFAULTS, () => void load())
const search = createSearch(address)
const shell = openShell({
  section: 'Sessions',
  address,
  search: { label: 'Look for', elements: search.elements, focus: search.focus },
  filters: [
    { name: 'metric', label: 'Number', options: [[DEFAULTS.metric, DEFAULTS.metric]] },
    {
      name: 'time',
      label: 'Sessions counted',
      options: [
        ['', 'as the number says'],
        ['open', 'open in the period'],
      ],
    },
    { name: 'order', label: 'First', options: ORDERS },
    { name: 'clock', label: 'Clock', options: [['world', 'world']] },
  ],
  bar: [{ name: 'range', label: 'Range', options: RANGES.map(([value, text]) => [value, text] as const) }],
})
const asking = createAsking(shell)
const [sums, list, errors] = [
  createTable(['what', 'value', 'low to high', 'numerator', 'denominator', 'sessions'], 'words'),
  createTable(HEAD, 'places'),
  createTable(['code', 'kind', 'sessions', 'devices', 'last']),
]
const [complete, none, noErrors] = [
  h('p', { class: 'note' }),
  h('p', { class: 'none' }, h('span', { class: 'skeleton block' })),
  h('p', { class: 'none' }, NONE),
]
const more = h('button', { type: 'button', id: 'more', hidden: true }, 'Show more')
const region = (id: string, name: string, ...inside: HTMLElement[]): HTMLElement =>
  h('div', { id, class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, ...inside)
const [sumsRegion, listRegion, errorsRegion] = [
  region('sums', 'The number and the sum of the list', sums.element),
  region('list', 'List of sessions', none),
  region('errors', 'List of errors', noErrors),
]
listRegion.classList.add('tall')
shell.main.append(
  h(
    'section',
    { class: 'panel', 'aria-labelledby': 'sums-title' },
    h('h2', { id: 'sums-title' }, 'The number, and the sum of its sessions'),
    sumsRegion,
    complete,
  ),
  h(
    'section',
    { class: 'panel wide', 'aria-labelledby': 'list-title' },
    h('h2', { id: 'list-title' }, 'Sessions'),
    listRegion,
    more,
  ),
  h(
    'section',
    { class: 'panel wide', 'aria-labelledby': 'errors-title' },
    h('h2', { id: 'errors-title' }, 'Errors that sessions begun in the period reported'),
    errorsRegion,
  ),
)
const [asOf, json] = [h('span'), h('a', { href: '/v1/qoe/sessions' }, 'This list as JSON')]
shell.footer.append(asOf, ' ', json)

let definitions: Definitions | undefined
let watermark: number | undefined
let shown: ListedSession[] = []
let next: string | null = null

async function load(): Promise<void> {
  const mark = asking.begin()
  const clock = address.get('clock')
  const [clocks, known] = await Promise.all([
    ask<Clocks>('/v1/clocks'),
    definitions === undefined ? ask<Definitions>('/v1/qoe/definitions') : undefined,
  ])
  if (!asking.isLatest(mark)) return
  definitions ??= known?.data
  watermark = clocks.data?.clocks.find((each) => each.clock === clock)?.watermark
  fillOptions(
    shell.select('clock'),
    [...new Set(['world', ...(clocks.data?.clocks ?? []).map((each) => each.clock)])].map(
      (name) => [name, name] as const,
    ),
    clock,
  )
  const [number, sessions, told] = await Promise.all([
    ask<MetricsAnswer>(numberPath(address, watermark)),
    ask<SessionsAnswer>(listPath(address, watermark)),
    ask<ErrorsAnswer>(errorsPath(address, watermark)),
  ])
  if (!asking.isLatest(mark)) return
  const failure = clocks.failure ?? known?.failure ?? number.failure ?? sessions.failure
  search.show(sessions.data ?? { from: null, to: null }, definitions?.dimensions ?? [], watermark)
  json.href = listPath(address, watermark)
  if (failure !== undefined) return asking.failed(failure)
  draw(number.data!, sessions.data!)
  drawErrors(told.data)
  asking.answered()
}

function draw(number: MetricsAnswer, answer: SessionsAnswer): void {
  const metric = definitions?.metrics.find(({ id }) => id === address.get('metric'))
  if (metric === undefined) return
  fillOptions(
    shell.select('metric'),
    definitions!.metrics
      .filter(({ time }) => time !== 'moment')
      .map(({ id, title }) => [id, `${title} (${id.slice(id.indexOf(':') + 1)})`] as const),
    metric.id,
  )
  const filters = filtersOf(address.all('filter'))
  shown = [...answer.sessions]
  next = answer.next
  shell.say(
    headline(metric, number, answer, filters),
    answer.watermark === null
      ? 'What fills it: “npm start” for the simulated world, “npm run -s playloop -- replay” for recorded data, or your own players at the collector. Or choose another clock.'
      : shown.length === 0
        ? 'A longer range, or fewer filters, may show some.'
        : note(metric, number.answers[0]?.time ?? ''),
  )
  sums.fill(sumRows(metric, number, answer, shown))
  setText(complete, shown.length === 0 ? '' : completeWords(numberOf(number)?.row))
  drawList(answer.sums?.sessions ?? 0)
  setText(asOf, answer.watermark === null ? '' : `Now on this clock: ${fullTime(answer.watermark)}.`)
}

function drawList(all: number): void {
  setText(none, NONE)
  if (shown.length === 0) listRegion.replaceChildren(none)
  else if (!listRegion.contains(list.element)) listRegion.replaceChildren(list.element)
  list.fill(shown.map((each) => sessionRow(address.get('clock'), each)))
  more.hidden = next === null || shown.length >= all
  more.textContent = `Show more of ${amount(all)}`
  more.dataset['all'] = String(all)
}

function drawErrors(told: ErrorsAnswer | undefined): void {
  const rows = told?.errors ?? []
  errorsRegion.replaceChildren(rows.length === 0 ? noErrors : errors.element)
  errors.fill(
    rows.map(({ code, kind, sessions, devices, last }) => [
      {
        text: code,
        href: address.with({
          filter: [...address.all('filter').filter((each) => !each.startsWith('error_code:')), `error_code:${code}`],
        }),
      },
      kind,
      amount(sessions),
      devices.filter((each) => each !== '').join(', '),
      { text: clockTime(last), title: fullTime(last) },
    ]),
  )
}

more.addEventListener('click', () => {
  void (async () => {
    if (next === null) return
    const { data, failure } = await ask<SessionsAnswer>(listPath(address, watermark, next))
    if (failure !== undefined) return asking.failed(failure)
    shown = [...shown, ...data.sessions]
    next = data.next
    drawList(Number(more.dataset['all']))
  })()
})
shell.select('range').addEventListener('change', () => {
  // A range ends at the present: a period that was chosen before gives way.
  history.replaceState(null, '', address.with({ from: '', to: '' }))
  void load()
})

void load()
