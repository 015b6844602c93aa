import { h } from '../shell/dom.ts'
import { amount, NONE, percent, periodText } from '../shell/format.ts'
import { age } from '../shell/state.ts'
import { bounds, unitOf } from '../shell/units.ts'
import type { Definition } from '../shell/answers.ts'
import { changeOf, ENOUGH, isNoticeable, type Figure, type Pair } from './answer.ts'
import { behind } from './links.ts'
import type { View } from './question.ts'
import { difference } from './words.ts'

/** The figure of the whole period, what it can be, and the one it is compared with: both with what they rest on. */
export function createWhole(): {
  readonly element: HTMLElement
  draw(definition: Definition, view: View, pair: Pair): void
  clear(): void
} {
  const body = h('div', { class: 'figures' }, h('span', { class: 'skeleton block' }))
  return {
    element: h('section', { id: 'whole', class: 'panel', 'aria-label': 'The whole period' }, body),
    clear: () => body.replaceChildren(NONE),
    draw(definition, view, { now, before }) {
      const change = changeOf({ now, before }, definition.better)
      body.replaceChildren(
        figureOf(definition, view, now, view.from),
        ...(view.before === undefined
          ? []
          : [
              figureOf(definition, view, before, view.before),
              h(
                'div',
                { class: 'figure' },
                h('h2', {}, 'Difference'),
                h('p', { class: 'great' }, difference({ now, before }, definition.unit)),
                h(
                  'p',
                  {
                    class: 'status',
                    'data-state': { worse: 'bad', better: 'good', none: 'unknown' }[change ?? 'none'],
                  },
                  change ?? why(now, before, definition),
                ),
              ),
            ]),
      )
    },
  }
}

/** Why nothing is said of a change. */
function why(now: Figure | undefined, before: Figure | undefined, { better }: Definition): string {
  if (now === undefined || before === undefined || now.value === null || before.value === null)
    return 'nothing to compare'
  if (now.value === before.value) return 'no difference'
  if (better === 'unknown') return 'neither better nor worse by itself'
  if (now.sessions < ENOUGH || before.sessions < ENOUGH) return `fewer than ${ENOUGH} sessions: too few to tell`
  return isNoticeable(now, before) ? 'missing telemetry could explain it' : 'less than a twentieth: about the same'
}

function figureOf(definition: Definition, view: View, figure: Figure | undefined, from: number): HTMLElement {
  const title = h('h2', {}, periodText(from, from + view.to - view.from))
  if (figure === undefined || figure.value === null)
    return h('div', { class: 'figure' }, title, h('p', { class: 'great' }, NONE))
  const unit = unitOf(definition.unit)
  const href = behind(view, { at: from })
  const can = bounds(figure, unit)
  return h(
    'div',
    { class: 'figure' },
    title,
    h(
      'p',
      { class: 'great' },
      h('a', { href }, unit.format(figure.value)),
      h('span', { class: 'muted' }, can === '' ? '' : `can be ${can}`),
    ),
    h(
      'dl',
      {},
      ...[
        ['Sessions', h('a', { href }, amount(figure.sessions))],
        ['Telemetry that arrived', figure.completeness === null ? NONE : percent(figure.completeness)],
        ['Time without telemetry', figure.hidden_ms === 0 ? 'none' : age(figure.hidden_ms)],
      ].flatMap(([name, value]) => [h('dt', {}, name as string), h('dd', {}, value!)]),
    ),
  )
}
