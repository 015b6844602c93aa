import { createCursor } from '../chart/cursor.ts'
import { createPanel } from '../chart/panel.ts'
import { createTable } from '../chart/table.ts'
import type { Definition } from '../shell/answers.ts'
import { h, setText } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { NONE } from '../shell/format.ts'
import { sessionsLink } from '../shell/links.ts'
import { unitOf } from '../shell/units.ts'
import type { IncidentDetail } from './types.ts'
import { ACTIONS_HEAD, actionRow, asNamed, EVIDENCE_HEAD, evidenceRow, factRows, titleWords } from './view.ts'

export interface DetailOptions {
  readonly speak: (text: string) => void
  /** What the operator wants of the incident that is shown. */
  readonly act: (kind: 'acknowledge' | 'mute' | 'unmute', by: string, forMs: number) => void
}
export interface Detail {
  readonly element: HTMLElement
  draw(incident: IncidentDetail | undefined, definitions: readonly Definition[]): void
  /** As the buttons do. */
  press(kind: 'acknowledge' | 'mute' | 'unmute'): void
}

interface Minutes {
  readonly answers: readonly {
    readonly rows: readonly { readonly at: number; readonly values: readonly { readonly value: number | null }[] }[]
  }[]
}

const HOUR_MS = 3_600_000
const MUTES = [
  ['1', '1 hour'],
  ['4', '4 hours'],
  ['24', '1 day'],
  ['168', '7 days'],
] as const
/** Few, so that a point has sessions enough to tell. */
const POINTS = 24
/** Steps that people read, ms. */
const STEPS = [60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 86_400_000]

/** One incident: what is known, its causes in rank, how its metric went, and what operators said. */
export function createDetail({ speak, act }: DetailOptions): Detail {
  const [facts, evidence, actions] = [
    createTable(['what is known', 'value'], 'words'),
    createTable(EVIDENCE_HEAD, 'places'),
    createTable(ACTIONS_HEAD),
  ]
  const title = h('h2', { id: 'detail-title', tabindex: -1 })
  const by = h('input', { id: 'by', autocomplete: 'name', maxlength: 128, value: remembered() })
  const span = h('select', { id: 'for' }, ...MUTES.map(([value, text]) => new Option(text, value)))
  const said = h('p', { class: 'note', role: 'status' })
  const press = (kind: 'acknowledge' | 'mute' | 'unmute'): void => {
    if (by.value.trim() === '') {
      setText(said, 'Say who you are first: others see by whom an incident is looked after.')
      return by.focus()
    }
    remember(by.value.trim())
    setText(said, '')
    act(kind, by.value.trim(), Number(span.value) * HOUR_MS)
  }
  const buttons = (
    [
      ['acknowledge', 'Acknowledge', 'a'],
      ['mute', 'Mute', 'm'],
      ['unmute', 'Unmute', 'u'],
    ] as const
  ).map(([kind, text, key]) => {
    const button = h('button', { type: 'button', id: kind, 'aria-keyshortcuts': key }, text)
    button.addEventListener('click', () => press(kind))
    return button
  })
  const form = h(
    'div',
    { class: 'head' },
    h('label', {}, h('span', {}, 'I am'), by),
    buttons[0]!,
    h('label', {}, h('span', {}, 'for'), span),
    buttons[1]!,
    buttons[2]!,
  )
  const cursor = createCursor()
  const chart = createPanel({
    id: 'course',
    title: 'How it went',
    cursor,
    speak,
    about: (definitions) =>
      Object.entries(definitions)
        .map(([id, text]) => `${id}: ${text}`)
        .join('\n'),
  })
  const region = (id: string, name: string, table: HTMLElement): HTMLElement =>
    h('div', { id, class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name }, table)
  const told = h(
    'section',
    { 'aria-labelledby': 'actions-title' },
    h('h3', { id: 'actions-title' }, 'What operators said'),
    region('said', 'List of actions', actions.element),
  )
  const element = h(
    'section',
    { class: 'panel wide', id: 'detail', 'aria-labelledby': 'detail-title', hidden: true },
    title,
    form,
    said,
    h('div', { class: 'columns' }, region('facts', 'What is known', facts.element), chart.element),
    h('h3', {}, 'Causes, the best first'),
    region('evidence', 'Ranked causes', evidence.element),
    told,
  )
  let [shown, mark] = ['', 0]

  const drawCourse = async (incident: IncidentDetail, definition: Definition | undefined): Promise<void> => {
    const {
      period: { from, to },
      clock,
      session_metric: metric,
      filters,
    } = incident
    const own = ++mark
    const step = STEPS.find((each) => (to - from) / each <= POINTS) ?? STEPS.at(-1)!
    const path = new URL(incident.links.metrics, location.href)
    path.searchParams.set('interval', String(step))
    const { data } = await ask<Minutes>(path.pathname + path.search)
    if (own !== mark || definition === undefined) return
    const values = new Map((data?.answers[0]?.rows ?? []).map(({ at, values: [value] }) => [at, value?.value ?? null]))
    const times = Array.from({ length: Math.max(1, Math.ceil((to - from) / step)) }, (_, i) => from + i * step)
    const unit = unitOf(definition.unit)
    chart.draw(
      {
        times,
        partial: incident.end === null,
        format: unit.format,
        axis: unit.axis,
        series: [
          {
            name: definition.title,
            values: times.map((at) => values.get(at) ?? null),
            links: times.map((at) =>
              sessionsLink({ clock, metric, from: at, to: at + step, filters: asNamed(filters) }),
            ),
          },
        ],
      },
      { [definition.id]: definition.definition },
    )
  }
  return {
    element,
    press,
    draw(incident, definitions) {
      element.hidden = incident === undefined
      if (incident === undefined) return
      if (shown !== incident.id) setText(said, '')
      shown = incident.id
      setText(title, titleWords(incident, definitions))
      title.title = incident.title
      facts.fill(factRows(incident))
      evidence.fill(
        incident.evidence.length === 0
          ? [[NONE]]
          : incident.evidence.map((each, i) => evidenceRow(incident, each, i + 1)),
      )
      actions.fill(incident.actions.map(actionRow))
      told.hidden = incident.actions.length === 0
      const over = incident.state === 'ended'
      form.hidden = over
      buttons[0]!.disabled = over || incident.acknowledged !== null
      buttons[1]!.disabled = over
      buttons[2]!.disabled = over || incident.state !== 'muted'
      void drawCourse(
        incident,
        definitions.find(({ id }) => id === incident.session_metric),
      )
    },
  }
}

const KEPT = 'operator'
function remembered(): string {
  try {
    return localStorage.getItem(KEPT) ?? ''
  } catch {
    return ''
  }
}
function remember(name: string): void {
  try {
    localStorage.setItem(KEPT, name)
  } catch {
    /* storage is refused: it is asked for again on the next page */
  }
}
