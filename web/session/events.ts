import { createTable } from '../chart/table.ts'
import { h } from '../shell/dom.ts'
import { amount, sinceText, utc } from '../shell/format.ts'
import type { Timeline } from './timeline.ts'

/** Rows at a time: a session may have thousands of events. */
const FEW = 250
const TRACKS = [
  ['', 'everything'],
  ['changes', 'changes and troubles'],
  ['telemetry', 'telemetry'],
  ['errors', 'errors'],
  ['decisions', 'decisions'],
  ['requests', 'requests'],
  ['actions', 'actions'],
] as const

/** The table twin of the picture: every event, filled while it is open. */
export function createEvents(): { readonly element: HTMLElement; draw(timeline: Timeline): void } {
  const table = createTable(['after', 'time', 'track', 'what', 'details'], 'events')
  const region = h(
    'div',
    { id: 'events', class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Every event, as a table' },
    table.element,
  )
  const select = h('select', { id: 'track' }, ...TRACKS.map(([value, text]) => new Option(text, value)))
  const more = h('button', { type: 'button', hidden: true })
  const element = h(
    'details',
    { id: 'twin', class: 'panel wide' },
    h('summary', {}, 'Table of every event'),
    h('p', { class: 'head' }, h('label', {}, h('span', {}, 'Show'), select)),
    region,
    more,
  )
  let [timeline, most]: [Timeline | undefined, number] = [undefined, FEW]
  const fill = (): void => {
    if (timeline === undefined || !element.open) return
    const { from } = timeline
    const wanted = timeline.marks.filter(({ lane, what, weight }) =>
      select.value === 'changes'
        ? weight > 0 || (lane === 'telemetry' && what !== 'still the same')
        : select.value === '' || lane === select.value,
    )
    table.fill(
      wanted
        .slice(0, most)
        .map(({ at, lane, what, details, weight }) => [
          sinceText(at - from),
          { text: new Date(at).toISOString().slice(11, 23), title: utc(at) },
          lane,
          { text: what, ...(weight > 0 && { state: weight === 2 ? 'bad' : 'warn' }) },
          details,
        ]),
    )
    more.hidden = wanted.length <= most
    more.textContent = `Show all ${amount(wanted.length)} events`
  }
  element.addEventListener('toggle', fill)
  select.addEventListener('change', () => {
    most = FEW
    fill()
  })
  more.addEventListener('click', () => {
    most = Infinity
    fill()
  })
  return {
    element,
    draw: (next) => {
      timeline = next
      most = FEW
      fill()
    },
  }
}
