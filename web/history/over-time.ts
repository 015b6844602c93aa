import { createCursor } from '../chart/cursor.ts'
import { createPanel, type Panel } from '../chart/panel.ts'
import { h } from '../shell/dom.ts'
import { bounds, unitOf } from '../shell/units.ts'
import type { Definition } from '../shell/answers.ts'
import { type Figure, type Pair, isCounted, valueOf } from './answer.ts'
import { behind } from './links.ts'
import type { View } from './question.ts'

export interface OverTimeOptions {
  readonly speak: (text: string) => void
  readonly choose: (from: number, to: number) => void
  /** Earlier, later, wider. */
  readonly move: (by: -1 | 1 | 'wider') => void
}

/** The metric step by step, with a band where telemetry is missing, over the period it is compared with. */
export function createOverTime({ speak, choose, move }: OverTimeOptions): {
  readonly element: HTMLElement
  draw(definition: Definition, view: View, watermark: number, series: { times: number[]; points: Pair[] }): void
  clear(): void
} {
  const panel: Panel = createPanel({
    id: 'over-time',
    title: 'Over time',
    cursor: createCursor(),
    speak,
    choose,
    about: (definitions) =>
      Object.entries(definitions)
        .map(([id, text]) => `${id}: ${text}`)
        .join('\n'),
  })
  const title = panel.element.querySelector('h2')!
  const hint = h('span', { class: 'note' })
  const buttons = (
    [
      ['Earlier', -1],
      ['Later', 1],
      ['Wider', 'wider'],
    ] as const
  ).map(([text, by]) => {
    const button = h('button', { type: 'button' }, text)
    button.addEventListener('click', () => move(by))
    return button
  })
  panel.element.append(h('div', { class: 'moves', role: 'group', 'aria-label': 'Move the period' }, ...buttons, hint))
  return {
    element: panel.element,
    clear: () => panel.draw({ times: [], series: [], format: String, axis: String, partial: false }, {}),
    draw(definition, view, watermark, { times, points }) {
      const unit = unitOf(definition.unit)
      title.textContent = `${definition.title}${unit.word === '' ? '' : `, ${unit.word}`}`
      const line = (name: string, of: (pair: Pair) => Figure | undefined, start: number) => {
        const found = points.map(of)
        return {
          name,
          values: found.map((figure) => figure?.value ?? null),
          bounds: found.map((figure) => [figure?.low ?? null, figure?.high ?? null] as const),
          remarks: found.map((figure) => (figure === undefined ? '' : bounds(figure, unit))),
          links: times.map((at) => behind(view, { at: start + at - view.from, step: view.step })),
        }
      }
      hint.textContent = `Drag over the chart to narrow the period.${points.some(({ now }) => now !== undefined && bounds(now, unit) !== '') ? ' Shaded: what it can be, given the telemetry that is missing; the table has both ends.' : ''}`
      const partial = (times.at(-1) ?? 0) + view.step > watermark + 1
      const read = points.findLastIndex(({ now }, i) => valueOf(now) !== null && !(partial && i === points.length - 1))
      panel.draw(
        {
          times,
          ...(read >= 0 && { read }),
          format: unit.format,
          axis: unit.axis,
          counted: points.some(({ now }) => now !== undefined && isCounted(now)),
          partial,
          series: [
            line(view.before === undefined ? definition.title : 'this period', ({ now }) => now, view.from),
            ...(view.before === undefined ? [] : [line('before', ({ before }) => before, view.before)]),
          ],
        },
        { [definition.id]: definition.definition },
      )
    },
  }
}
