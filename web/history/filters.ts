import type { Address } from '../shell/address.ts'
import { fillOptions, h } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import type { MetricsAnswer } from '../shell/answers.ts'
import { valuesPath, type View } from './question.ts'

/** Filters that there are, each a button that takes it away, and two fields that add one. */
export function createFilters(
  address: Address,
  view: () => View | undefined,
): { readonly element: HTMLElement; draw(dimensions: readonly string[]): void } {
  const chips = h('ul', { class: 'chips', 'aria-label': 'Filters that apply' })
  const [name, value, values] = [
    h('select', { id: 'filter-name' }),
    h('input', { id: 'filter-value', list: 'filter-values', autocomplete: 'off', maxlength: 500 }),
    h('datalist', { id: 'filter-values' }),
  ]
  const add = h('button', { type: 'button', id: 'filter-add' }, 'Add')
  const apply = (): void => {
    if (name.value === '') return
    address.set('filter', [...new Set([...address.all('filter'), `${name.value}:${value.value.trim()}`])])
    value.value = ''
  }
  add.addEventListener('click', apply)
  value.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    apply()
  })
  // Values are asked for when somebody is about to choose one.
  const suggest = async (): Promise<void> => {
    const [asked, now] = [name.value, view()]
    if (asked === '' || now === undefined) return
    const { data } = await ask<MetricsAnswer>(valuesPath(now, asked))
    if (data === undefined || name.value !== asked) return
    values.replaceChildren(
      ...data.answers
        .flatMap(({ rows }) => rows)
        .map(({ dimensions, sessions }) => h('option', { value: dimensions[asked] ?? '' }, `${sessions} sessions`)),
    )
  }
  value.addEventListener('focus', () => void suggest())
  name.addEventListener('change', () => values.replaceChildren())

  return {
    element: h(
      'fieldset',
      { class: 'adder' },
      h('legend', {}, 'Only where'),
      chips,
      h('label', {}, h('span', {}, 'Dimension'), name),
      h('label', {}, h('span', {}, 'is'), value),
      values,
      add,
    ),
    draw(dimensions) {
      fillOptions(name, [
        ['', 'choose one'],
        ...[...dimensions, 'profile_id', 'session_id'].map((each) => [each, each] as const),
      ])
      chips.replaceChildren(...address.all('filter').map((filter) => h('li', {}, chipOf(address, filter))))
    },
  }
}

function chipOf(address: Address, filter: string): HTMLElement {
  const colon = filter.indexOf(':')
  const words = `${filter.slice(0, colon)}: ${filter.slice(colon + 1) || 'unknown'}`
  const chip = h(
    'button',
    { type: 'button', 'aria-label': `Take away the filter ${words}` },
    words,
    h('span', { 'aria-hidden': 'true' }, ' ×'),
  )
  chip.addEventListener('click', () =>
    address.set(
      'filter',
      address.all('filter').filter((each) => each !== filter),
    ),
  )
  return chip
}
