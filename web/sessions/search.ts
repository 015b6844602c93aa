import type { MetricsAnswer } from '../shell/answers.ts'
import type { Address } from '../shell/address.ts'
import { fillOptions, h } from '../shell/dom.ts'
import { ask } from '../shell/feed.ts'
import { filtersOf, nameOf } from '../shell/filters.ts'
import { valuesPath } from './question.ts'

/** What people look for first; the other dimensions follow. */
const FIRST = ['profile_id', 'session_id', 'title_id', 'device', 'country', 'error_code']

export interface Search {
  readonly elements: readonly HTMLElement[]
  readonly focus: HTMLElement
  /** Shows what is chosen; `period` is what was answered, ms. */
  show(
    period: { readonly from: number | null; readonly to: number | null },
    dimensions: readonly string[],
    watermark: number | undefined,
  ): void
}

/** Filters by any dimension and a period, all of it in the address. */
export function createSearch(address: Address): Search {
  const by = h('select', { id: 'by' })
  const value = h('input', { id: 'value', list: 'values', autocomplete: 'off', spellcheck: 'false' })
  const values = h('datalist', { id: 'values' })
  const chips = h('ul', { class: 'chips', 'aria-label': 'Filters in force' })
  const [from, to] = [periodInput('from', address), periodInput('to', address)]
  let [asked, mark]: [string, number | undefined] = ['', undefined]
  fillOptions(
    by,
    FIRST.map((name) => [name, nameOf(name)] as const),
    'profile_id',
  )

  const add = h('button', { type: 'submit' }, 'Add filter')
  const suggest = async (): Promise<void> => {
    const path = valuesPath(address, mark, by.value)
    if (path === asked || (by.value.endsWith('_id') && by.value !== 'title_id')) return values.replaceChildren()
    asked = path
    const { data } = await ask<MetricsAnswer>(path)
    if (asked === path)
      values.replaceChildren(
        ...(data?.answers[0]?.rows ?? []).map(({ dimensions }) => new Option(undefined, dimensions[by.value])),
      )
  }
  by.addEventListener('change', () => {
    asked = ''
    void suggest()
  })
  value.addEventListener('focus', () => void suggest())
  // The form is the frame's: whatever is submitted in it is this one field.
  document.addEventListener('submit', (event) => {
    if ((event.target as Element).contains(value) === false) return
    event.preventDefault()
    const text = `${by.value}:${value.value.trim()}`
    value.value = ''
    address.set('filter', [...new Set([...address.all('filter'), text])])
  })
  const chip = (text: string): HTMLElement => {
    const [{ name, value: told } = { name: '', value: '' }] = filtersOf([text])
    const words = `${nameOf(name)} ${told || 'unknown'}`
    const button = h(
      'button',
      { type: 'button', 'aria-label': `Remove the filter ${words}` },
      words,
      h('span', { 'aria-hidden': 'true' }, ' ×'),
    )
    button.addEventListener('click', () => {
      address.set(
        'filter',
        address.all('filter').filter((each) => each !== text),
      )
      value.focus()
    })
    return h('li', {}, button)
  }
  return {
    elements: [
      h('label', {}, h('span', {}, 'Look for'), by),
      h('label', {}, h('span', {}, 'that is'), value),
      values,
      add,
      chips,
      from.element,
      to.element,
    ],
    focus: value,
    show(period, dimensions, watermark) {
      mark = watermark
      fillOptions(
        by,
        [...new Set([...FIRST, ...dimensions])].map((name) => [name, nameOf(name)] as const),
      )
      chips.replaceChildren(...address.all('filter').map(chip))
      chips.hidden = chips.children.length === 0
      from.show(period.from)
      to.show(period.to)
    },
  }
}

/** A moment of the viewer's zone, kept as ms. */
function periodInput(
  name: 'from' | 'to',
  address: Address,
): { readonly element: HTMLElement; show(ms: number | null): void } {
  const input = h('input', { id: name, type: 'datetime-local', step: 1 })
  input.addEventListener('change', () => {
    const at = new Date(input.value).getTime()
    address.set(name, Number.isNaN(at) ? '' : String(at))
  })
  return {
    element: h('label', {}, h('span', {}, name === 'from' ? 'From' : 'To'), input),
    show: (ms) => {
      input.value = ms === null ? '' : local(ms)
    },
  }
}

const local = (ms: number): string =>
  new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
