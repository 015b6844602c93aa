import { createHistogram, type Bucket } from '../chart/histogram.ts'
import { createTable } from '../chart/table.ts'
import { h } from '../shell/dom.ts'
import { NONE } from '../shell/format.ts'
import { unitOf } from '../shell/units.ts'
import type { Definition } from '../shell/answers.ts'
import { isMoment, type Figure, type Pair } from './answer.ts'
import { behind } from './links.ts'
import { QUANTILES, type View } from './question.ts'

/** How the values of sessions spread: no mean stands alone. */
export function createSpread(speak: (text: string) => void): {
  readonly element: HTMLElement
  draw(definition: Definition, view: View, pair: Pair): void
  clear(): void
} {
  const histogram = createHistogram('histogram', 'Sessions by their value', speak)
  const region = h('div', { id: 'quantiles', class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Quantiles' })
  const none = h('p', { class: 'none' }, h('span', { class: 'skeleton block' }))
  const body = h('div', { class: 'spread', hidden: true }, histogram.element, region)
  const show = (text: string): void => {
    none.textContent = text
    none.hidden = text === ''
    body.hidden = text !== ''
  }
  const element = h(
    'section',
    { id: 'spread', class: 'panel', 'aria-labelledby': 'spread-title' },
    h('h2', { id: 'spread-title' }, 'How sessions spread'),
    none,
    body,
  )
  return {
    element,
    clear: () => show(NONE),
    draw(definition, view, { now, before }) {
      element.toggleAttribute('data-lone', !definition.distribution)
      if (isMoment(definition))
        return show(
          'How many are there at once is a figure of moments: a single session has no value of it. The breakdown shows where they are.',
        )
      if (!definition.distribution)
        return show(
          'This metric is a ratio of sums over all sessions: a single session has no value of its own that could be averaged. The breakdown shows how it spreads over places.',
        )
      if (now === undefined || now.value === null) return show(NONE)
      show('')
      const unit = unitOf(definition.unit)
      const compared = view.before !== undefined
      histogram.draw({
        buckets: bucketsOf(now, before, definition.scale),
        format: unit.format,
        compared,
        href: behind(view),
        marks: [
          { name: 'median', value: now.quantiles?.[QUANTILES.indexOf(0.5)] ?? NaN },
          { name: 'mean', value: now.value },
          { name: '95 %', value: now.quantiles?.[QUANTILES.indexOf(0.95)] ?? NaN },
        ],
      })
      const table = createTable(['statistic', 'value', ...(compared ? ['before'] : [])], 'words')
      const row = (name: string, of: (figure: Figure | undefined) => number | null | undefined) => [
        name,
        { text: unit.format(of(now) ?? null), href: behind(view) },
        ...(compared ? [{ text: unit.format(of(before) ?? null), href: behind(view, { at: view.before }) }] : []),
      ]
      table.fill([
        row('Mean', (figure) => figure?.value),
        ...QUANTILES.map((p, i) => row(quantileName(p), (figure) => figure?.quantiles?.[i])),
      ])
      region.replaceChildren(table.element)
    },
  }
}

const quantileName = (p: number): string =>
  p === 0.5 ? 'Median' : p < 0.5 ? `${Math.round(p * 100)} % below` : `${Math.round((1 - p) * 100)} % above`

/**
 * Buckets side by side from the least to the greatest, those without a session too: of whole numbers, times the scale
 * of the metric. Pure.
 */
export function bucketsOf(
  now: Pick<Figure, 'histogram'>,
  before: Pick<Figure, 'histogram'> | undefined,
  scale: number,
): Bucket[] {
  const [counts, earlier] = [now, before].map(
    (figure) =>
      new Map((figure?.histogram ?? []).map(([from = 0, count = 0]) => [Math.round(from / scale), count] as const)),
  )
  const ends = [...counts!.keys(), ...earlier!.keys()]
  const buckets: Bucket[] = []
  for (let from = Math.min(...ends); from <= Math.max(...ends); from += widthOf(from)) {
    buckets.push({
      from: from * scale,
      to: (from + widthOf(from)) * scale,
      count: counts!.get(from) ?? 0,
      before: earlier!.get(from) ?? 0,
    })
  }
  return buckets
}

/** As the store cuts them: four an octave, and below 8 one a whole number. */
const widthOf = (from: number): number => Math.max(1, Math.floor(2 ** Math.floor(Math.log2(Math.max(1, from))) / 4))
