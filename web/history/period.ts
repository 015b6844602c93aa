import type { Address } from '../shell/address.ts'
import { h } from '../shell/dom.ts'
import { COMPARISONS, type View } from './question.ts'

const pad = (value: number, length = 2): string => String(value).padStart(length, '0')
/** As a field for date and time writes it: in the viewer's zone. */
export function localTime(ms: number): string {
  const at = new Date(ms)
  return `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`
}

/** From when to when exactly, and what to compare it with. */
export function createPeriod(
  address: Address,
  go: (change: Readonly<Record<string, string>>) => void,
): { readonly elements: readonly HTMLElement[]; draw(view: View): void } {
  const field = (id: string): HTMLInputElement => h('input', { type: 'datetime-local', id, step: 1 })
  const [from, to, start] = [field('from'), field('to'), field('compare_from')]
  const compare = h(
    'select',
    { id: 'compare' },
    ...COMPARISONS.map(([value, text]) => new Option(text, value, false, value === address.get('compare'))),
  )
  const since = h('label', {}, h('span', {}, 'Its start'), start)
  const msOf = ({ value }: HTMLInputElement): string => (value === '' ? '' : String(new Date(value).getTime()))
  for (const each of [from, to])
    each.addEventListener('change', () => {
      if (from.value !== '' && to.value !== '') go({ from: msOf(from), to: msOf(to) })
    })
  compare.addEventListener('change', () => go({ compare: compare.value }))
  start.addEventListener('change', () => go({ compare_from: msOf(start) }))
  return {
    elements: [
      h(
        'fieldset',
        {},
        h('legend', {}, 'Period'),
        h('label', {}, h('span', {}, 'From'), from),
        h('label', {}, h('span', {}, 'To'), to),
      ),
      h('fieldset', {}, h('legend', {}, 'Compare'), h('label', {}, h('span', {}, 'With'), compare), since),
    ],
    draw(view) {
      for (const [input, ms] of [
        [from, view.from],
        [to, view.to],
        [start, view.before],
      ] as const)
        if (document.activeElement !== input)
          input.value = ms === undefined || !Number.isFinite(ms) ? '' : localTime(ms)
      compare.value = address.get('compare')
      since.hidden = address.get('compare') !== 'at'
    },
  }
}
