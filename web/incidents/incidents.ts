import { createTable } from '../chart/table.ts'
import { openAddress } from '../shell/address.ts'
import type { Clocks, Definition, Definitions } from '../shell/answers.ts'
import { createAsking } from '../shell/asking.ts'
import { fillOptions, h, setText } from '../shell/dom.ts'
import { ask, tell } from '../shell/feed.ts'
import { fullTime, NONE } from '../shell/format.ts'
import { openShell } from '../shell/shell.ts'
import { createDetail } from './detail.ts'
import type { Incident, IncidentDetail, IncidentsAnswer } from './types.ts'
import { HEAD, headline, incidentRow, inOrder, note, titleWords } from './view.ts'

/** The page *Incidents*: what goes on, why, for whom, and who looks after it. */
const REFRESH_MS = 10_000
const MOST = 200
const address = openAddress({ clock: 'world', state: 'all', id: '' }, () => void load())
const shell = openShell({
  section: 'Incidents',
  address,
  bar: [],
  filters: [
    {
      name: 'state',
      label: 'Show',
      options: [
        ['all', 'all'],
        ['open', 'those that go on'],
        ['closed', 'those that ended'],
      ],
    },
    { name: 'clock', label: 'Clock', options: [['world', 'world']] },
  ],
  keys: [
    { key: 'j', does: 'the next incident', run: () => move(1) },
    { key: 'k', does: 'the incident before', run: () => move(-1) },
    { key: 'a', does: 'acknowledge the incident that is shown', run: () => detail.press('acknowledge') },
    { key: 'm', does: 'mute it', run: () => detail.press('mute') },
    { key: 'u', does: 'unmute it', run: () => detail.press('unmute') },
  ],
})
const asking = createAsking(shell, 2.5 * REFRESH_MS)
const table = createTable(HEAD, 'incidents')
const none = h('p', { class: 'none' }, h('span', { class: 'skeleton block' }))
const region = h(
  'div',
  { id: 'list', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'List of incidents' },
  none,
)
const detail = createDetail({ speak: (text) => shell.speak(text), act: (kind, by, forMs) => void act(kind, by, forMs) })
shell.main.append(
  h(
    'section',
    { class: 'panel', 'aria-labelledby': 'list-title' },
    h('h2', { id: 'list-title' }, 'Incidents, those that go on first'),
    region,
  ),
  detail.element,
)
const [asOf, json] = [h('span'), h('a', { href: '/v1/qoe/incidents' }, 'This list as JSON')]
shell.footer.append(asOf, ' ', json)

let known: readonly Incident[] = []
let definitions: readonly Definition[] = []
let watermark: number | null = null
let shown: IncidentDetail | undefined

async function load(): Promise<void> {
  const mark = asking.begin()
  const [clock, state] = [address.get('clock'), address.get('state')]
  const path = `/v1/qoe/incidents?${new URLSearchParams({ clock, state, limit: String(MOST) })}`
  const [list, clocks, told] = await Promise.all([
    ask<IncidentsAnswer>(path),
    ask<Clocks>('/v1/clocks'),
    definitions.length === 0 ? ask<Definitions>('/v1/qoe/definitions') : undefined,
  ])
  if (!asking.isLatest(mark)) return
  json.href = path
  definitions = told?.data?.metrics ?? definitions
  fillOptions(
    shell.select('clock'),
    [...new Set(['world', ...(clocks.data?.clocks ?? []).map((each) => each.clock)])].map(
      (name) => [name, name] as const,
    ),
    clock,
  )
  if (list.failure !== undefined) return asking.failed(list.failure)
  draw(list.data, state)
  await loadOne(mark)
}

function draw(answer: IncidentsAnswer, state: string): void {
  known = inOrder(answer.incidents)
  watermark = answer.watermark
  shell.say(headline(answer, definitions, state === 'all'), note(answer))
  setText(none, NONE)
  if (known.length === 0) region.replaceChildren(none)
  else if (!region.contains(table.element)) region.replaceChildren(table.element)
  table.fill(known.map((incident) => incidentRow(incident, definitions, address.with({ id: incident.id }))))
  setText(asOf, watermark === null ? '' : `Now on this clock: ${fullTime(watermark)}.`)
  mark()
}

/** Which row is shown below. */
function mark(): void {
  const id = idShown()
  ;[...table.element.tBodies[0]!.rows].forEach((row, i) => {
    if (known[i]?.id === id) row.setAttribute('aria-current', 'true')
    else row.removeAttribute('aria-current')
  })
}

/** The one that was chosen, or else the first. */
const idShown = (): string => address.get('id') || known[0]?.id || ''

async function loadOne(asked: number): Promise<void> {
  const id = idShown()
  if (id === '') {
    show(undefined)
    return asking.answered()
  }
  const { data, failure } = await ask<IncidentDetail>(`/v1/qoe/incidents/${encodeURIComponent(id)}`)
  if (!asking.isLatest(asked)) return
  show(data)
  if (failure === undefined) asking.answered()
  else asking.failed(failure)
}

function show(incident: IncidentDetail | undefined): void {
  shown = incident
  detail.draw(incident, definitions)
}

function move(by: 1 | -1): void {
  const at = known.findIndex(({ id }) => id === idShown())
  const next = known[Math.max(0, Math.min(known.length - 1, at + by))]
  if (next === undefined) return
  history.replaceState(null, '', address.with({ id: next.id }))
  mark()
  shell.speak(`${titleWords(next, definitions)}, ${next.state}`)
  void loadOne(asking.begin())
}

async function act(kind: 'acknowledge' | 'mute' | 'unmute', by: string, forMs: number): Promise<void> {
  if (shown === undefined) return
  const until = (watermark ?? shown.latest) + forMs
  const { data, failure } = await tell<IncidentDetail>(`/v1/qoe/incidents/${encodeURIComponent(shown.id)}/${kind}`, {
    by,
    ...(kind === 'mute' && { until }),
  })
  if (failure !== undefined) return asking.failed(failure)
  show(data)
  shell.speak(`${titleWords(data, definitions)}: ${data.state}`)
  await load()
}

// A click on a title shows it here; with a key held down it is a link as any other.
region.addEventListener('click', (event) => {
  const link = (event.target as Element).closest('a')
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  address.set('id', new URL(link.href).searchParams.get('id') ?? '')
})
void load()
setInterval(() => void load(), REFRESH_MS)
