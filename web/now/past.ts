import type { Address } from '../shell/address.ts'
import type { MetricsAnswer, MetricsRow } from '../shell/answers.ts'
import { h } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { NONE } from '../shell/format.ts'
import { sessionsLink } from '../shell/links.ts'
import type { Failure } from '../shell/state.ts'

export const [REBUFFERING, STARTUP] = ['rebuffer_ratio:cta2066', 'startup:cta2066']
const PATIENCE_MS = 30_000
const PLACE = ['country', 'oca'] as const

/**
 * What the last hour of sessions says that minutes cannot: they know networks, versions, and how much telemetry is
 * missing.
 */
export interface Past {
  readonly element: HTMLElement
  load(): Promise<void>
}

export interface Told {
  readonly rows: readonly MetricsRow[]
  /** The sessions that made the numbers of a row. */
  readonly behind: (row: MetricsRow) => string
}

type Parameters = readonly (readonly [name: string, value: string])[]

export interface PastOptions {
  readonly id: string
  readonly title: string
  /** What beside the title is chosen. */
  readonly choice?: readonly (Node | string)[]
  /** What the figures are, under the title. */
  readonly note: HTMLElement
  readonly questions: () => readonly Parameters[]
  /**
   * What is shown of the answers, one for each question; the same node again where it can be, for whoever reads in it.
   */
  readonly show: (...answers: readonly Told[]) => Node
}

/** A panel of the last hour of the clock. While an answer is waited for, the one before stays. */
export function createPast(address: Address, { id, title, choice = [], note, questions, show }: PastOptions): Past {
  const region = h(
    'div',
    { id, class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title },
    h('p', { class: 'none' }, h('span', { class: 'skeleton block' })),
  )
  let latest = 0
  return {
    element: h(
      'section',
      { class: 'panel', 'aria-labelledby': `${id}-title` },
      h('div', { class: 'head' }, h('h2', { id: `${id}-title` }, `${title}, last hour`), ...choice),
      note,
      region,
    ),
    async load() {
      const mark = ++latest
      const answers = await Promise.all(questions().map((question) => told(address, question)))
      if (mark !== latest) return
      const refused = answers.find((answer): answer is Failure => 'code' in answer)
      const shown =
        refused === undefined
          ? show(...(answers as Told[]))
          : h('p', { class: 'none' }, `${refused.title} (${refused.code})`)
      if (region.firstChild !== shown) region.replaceChildren(shown)
    },
  }
}

/**
 * The page's filters, as the API of the past names them. Without a period it is the clock's last hour, answered once
 * for all who ask.
 */
async function told(address: Address, more: Parameters): Promise<Told | Failure> {
  const clock = address.get('clock')
  const chosen: Readonly<Record<string, string>> = Object.fromEntries(
    PLACE.map((name): [string, string] => [name, address.get(name)]).filter(([, value]) => value !== ''),
  )
  const question = new URLSearchParams([
    ['clock', clock],
    ['metric', REBUFFERING],
    ...more.map(([name, value]) => [name, value]),
    ...Object.entries(chosen).map(([name, value]) => ['filter', `${name}:${value}`]),
  ])
  const { data, failure } = await ask<MetricsAnswer>(`/v1/qoe/metrics?${question}`, { patience: PATIENCE_MS })
  if (failure !== undefined) return failure
  const period = { from: data.from ?? 0, to: data.to ?? 0 }
  return {
    rows: data.answers.flatMap(({ rows }) => rows),
    behind: ({ dimensions }) =>
      sessionsLink({ clock, metric: REBUFFERING, filters: { ...chosen, ...dimensions }, ...period }),
  }
}

export const nothing = (): HTMLElement => h('p', { class: 'none' }, NONE)
