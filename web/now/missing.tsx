import { useState } from 'preact/hooks'
import { Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import { Select } from '../shell/choice.tsx'
import { amount, percent } from '../shell/format.ts'
import { age } from '../shell/state.ts'
import { rebufferingOf, type Told } from './past.ts'
import { Past } from './past.tsx'
import { canBe, missingWords, mostMissing, nameOf } from './words.ts'

const DIMENSIONS = [
  ['app_version', 'app version'],
  ['oca', 'OCA'],
  ['country', 'country'],
] as const

/** How much telemetry is missing, where, and the bounds that result. */
export function Missing({ address }: { readonly address: Address }) {
  const [by, setBy] = useState<string>(DIMENSIONS[0][0])
  return (
    <Past
      address={address}
      id="missing"
      title="Missing telemetry"
      choice={
        <label>
          <span>By</span>
          <Select id="missing-by" options={DIMENSIONS} value={by} choose={setBy} />
        </label>
      }
      note={(told) => (
        <p class="note" id="missing-says">
          {told === undefined ? '' : missingWords(told[0]?.rows[0])}
        </p>
      )}
      questions={[
        [],
        [
          ['group', by],
          ['limit', '200'],
        ],
      ]}
      show={([, told]) => (told === undefined || told.rows.length === 0 ? undefined : <Rows told={told} />)}
    />
  )
}

/** By the dimension of the answer: another one may have been requested since. */
function Rows({ told: { rows, behind } }: { readonly told: Told }) {
  const by = Object.keys(rows[0]!.dimensions)[0] ?? ''
  const name = DIMENSIONS.find(([dimension]) => dimension === by)?.[1] ?? by
  return (
    <Table
      head={[name, 'arrived', 'unreported', 'rebuffering', 'can be', 'sessions']}
      rows={mostMissing(rows).map((row) => [
        nameOf(row.dimensions[by]),
        percent(row.completeness),
        row.hidden_ms === 0 ? 'nothing' : age(row.hidden_ms),
        { text: percent(rebufferingOf(row).value), href: behind(row) },
        canBe(row),
        { text: amount(row.sessions), href: behind(row) },
      ])}
    />
  )
}
