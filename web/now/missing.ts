import { createTable } from '../chart/table.ts'
import type { Address } from '../shell/address.ts'
import { h, setText } from '../shell/dom.ts'
import { amount, percent } from '../shell/format.ts'
import { age } from '../shell/state.ts'
import { createPast, nothing, type Past } from './past.ts'
import { canBe, missingWords, mostMissing, nameOf } from './words.ts'

const DIMENSIONS = [
  ['app_version', 'app version'],
  ['oca', 'OCA'],
  ['country', 'country'],
] as const

/** How much telemetry is missing, where, and what that leaves open. */
export function createMissing(address: Address): Past {
  const by = h('select', { id: 'missing-by' }, ...DIMENSIONS.map(([value, text]) => new Option(text, value)))
  const note = h('p', { class: 'note', id: 'missing-says' })
  let [table, asked] = [createTable([]), '']
  const past = createPast(address, {
    id: 'missing',
    title: 'Missing telemetry',
    note,
    choice: [h('label', {}, h('span', {}, 'By'), by)],
    questions: () => [
      [],
      [
        ['group', by.value],
        ['limit', '200'],
      ],
    ],
    show(whole, { rows, behind }) {
      setText(note, missingWords(whole.rows[0]))
      if (rows.length === 0) return nothing()
      if (asked !== by.value)
        table = createTable([by.selectedOptions[0]!.text, 'arrived', 'not told', 'rebuffering', 'can be', 'sessions'])
      asked = by.value
      table.fill(
        mostMissing(rows).map((row) => {
          const href = behind(row)
          return [
            nameOf(row.dimensions[by.value]),
            percent(row.completeness),
            row.hidden_ms === 0 ? 'nothing' : age(row.hidden_ms),
            { text: percent(row.values[0]!.value), href },
            canBe(row),
            { text: amount(row.sessions), href },
          ]
        }),
      )
      return table.element
    },
  })
  by.addEventListener('change', () => void past.load())
  return past
}
