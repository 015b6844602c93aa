import { createTable } from '../chart/table.ts'
import { h, setText } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { amount, fullTime, NONE } from '../shell/format.ts'
import { age } from '../shell/state.ts'
import { shownMinute, type Actions, type Frame, type Sink } from './view.ts'
import { lagWords } from './words.ts'

/** How much of the truth is on the page: what is unknown, and how the log gets into tables. */
export function createComplete(): { readonly element: HTMLElement; draw(frame: Frame): void; load(): Promise<void> } {
  const [known, flow] = [
    createTable(['what is missing', 'value'], 'words'),
    createTable(['from the log into tables', 'value'], 'words'),
  ]
  const lag = h('p', { class: 'note', id: 'sessions-lag' })
  const element = h(
    'section',
    { class: 'panel', 'aria-labelledby': 'complete-title' },
    h('h2', { id: 'complete-title' }, 'How complete this is'),
    h(
      'div',
      { id: 'unknown', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'What is missing' },
      known.element,
    ),
    h(
      'div',
      { id: 'sink', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'From the log into tables' },
      flow.element,
    ),
    lag,
  )
  return {
    element,
    draw(frame) {
      const { received, computed } = frame.as_of
      const minute = shownMinute(frame)
      known.fill([
        ['Players heard whose time is unknown', minute === undefined ? NONE : amount(minute.total.unknown)],
        [
          'Age of the latest record when this was computed',
          received === null ? NONE : age(Math.max(0, computed - received)),
        ],
      ])
    },
    async load() {
      const { data } = await ask<Sink>('/v1/sink')
      if (data === undefined) return
      flow.fill(sinkRows(data))
      setText(lag, lagWords(data.sessions.seconds_behind))
    },
  }
}

function sinkRows(sink: Sink): string[][] {
  if (!sink.running) return [['The sink', 'runs in another process']]
  const paused = sink.partitions.filter((each) => each.paused !== '')
  return [
    ['Records that wait in a partition, most', amount(sink.lag)],
    ['Dead letters', amount(sink.dead_letters)],
    ['Rows landed', amount(sink.rows)],
    ['Rows a second', amount(sink.rows_per_second)],
    ['Inserts a second', sink.inserts_per_second.toFixed(1)],
    ['An insert, median and slowest 1 %', `${Math.round(sink.insert_ms.p50)} and ${Math.round(sink.insert_ms.p99)} ms`],
    ['Inserts tried again', amount(sink.retries)],
    [
      'Partitions that wait',
      paused.length === 0 ? 'none' : paused.map((each) => `${each.topic}/${each.partition}: ${each.paused}`).join(', '),
    ],
  ]
}

/** What viewers of the clock do. */
export function createActions(): { readonly element: HTMLElement; load(clock: string): Promise<void> } {
  const [actions, titles] = [createTable(['action', 'events']), createTable(['title', 'plays', 'ratings'])]
  const note = h('p', { class: 'note' })
  const body = h(
    'div',
    { hidden: true },
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Actions' }, actions.element),
    h('h3', {}, 'Top titles of that day'),
    h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Top titles' }, titles.element),
  )
  return {
    element: h(
      'section',
      { id: 'actions', class: 'panel', 'aria-labelledby': 'actions-title' },
      h('h2', { id: 'actions-title' }, 'What viewers do'),
      note,
      body,
    ),
    async load(clock) {
      const { data } = await ask<Actions>(`/v1/actions/live?${new URLSearchParams({ clock, minutes: '1440' })}`)
      if (data === undefined) return
      body.hidden = data.now === null
      note.textContent =
        data.now === null
          ? `${NONE}: nobody has clicked, rated or searched on this clock`
          : `${amount(data.total)} actions in all; the last day of the clock up to ${fullTime(data.now)}:`
      const sums = new Map<string, number>()
      for (const { action, events } of data.minutes) sums.set(action, (sums.get(action) ?? 0) + events)
      actions.fill([...sums].sort(([, a], [, b]) => b - a).map(([action, events]) => [action, amount(events)]))
      titles.fill(
        data.top_titles.length === 0
          ? [[NONE, '', '']]
          : data.top_titles.map(({ name, title_id: id, plays, ratings }) => [
              name || id,
              amount(plays),
              amount(ratings),
            ]),
      )
    },
  }
}
