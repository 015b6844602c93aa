import { Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import { amount, percent, seconds } from '../shell/format.ts'
import { rebufferingOf, STARTUP, type Told } from './past.ts'
import { Past } from './past.tsx'
import { canBe, nameOf, stateOf } from './words.ts'

const QUESTIONS = [
  [
    ['metric', STARTUP],
    ['quantile', '0.5'],
    ['group', 'asn'],
    ['group', 'oca'],
    ['sort', 'negative_impact'],
    ['limit', '12'],
  ],
] as const
const HEAD = ['network', 'OCA', 'rebuffering', 'can be', 'sessions', 'start-up, median']

/** Pairs of network and appliance, largest negative impact first. */
export const Networks = ({ address }: { readonly address: Address }) => (
  <Past
    address={address}
    id="networks"
    title="Worst networks and OCAs"
    note={() => (
      <p class="note">
        Sessions that began in it, by the network (ASN) and the OCA they came through; the largest negative impact
        first.
      </p>
    )}
    questions={QUESTIONS}
    show={([told]) =>
      told === undefined || told.rows.length === 0 ? undefined : (
        <Table class="networks" head={HEAD} rows={rowsOf(told)} />
      )
    }
  />
)

const rowsOf = ({ rows, behind }: Told) =>
  rows.map((row) => {
    const [href, state] = [behind(row), stateOf(row)]
    return [
      `AS ${nameOf(row.dimensions['asn'])}`,
      nameOf(row.dimensions['oca']),
      { text: `${percent(rebufferingOf(row).value)}${state === 'few' ? ', few' : ''}`, href, state },
      canBe(row),
      { text: amount(row.sessions), href },
      seconds(row.values[1]?.quantiles?.[0] ?? null),
    ]
  })
