import { createTable } from '../chart/table.ts'
import type { Address } from '../shell/address.ts'
import { h } from '../shell/dom.ts'
import { amount, percent, seconds } from '../shell/format.ts'
import { createPast, nothing, STARTUP, type Past } from './past.ts'
import { canBe, nameOf, stateOf } from './words.ts'

/** Pairs of network and appliance, those first that worsen the whole most. */
export function createNetworks(address: Address): Past {
  const table = createTable(['network', 'OCA', 'rebuffering', 'can be', 'sessions', 'start-up, median'], 'networks')
  return createPast(address, {
    id: 'networks',
    title: 'Worst networks and OCAs',
    note: h(
      'p',
      { class: 'note' },
      'Sessions that began in it, by the network (ASN) and the OCA they came through; those first that worsen the whole most.',
    ),
    questions: () => [
      [
        ['metric', STARTUP],
        ['quantile', '0.5'],
        ['group', 'asn'],
        ['group', 'oca'],
        ['sort', 'negative_impact'],
        ['limit', '12'],
      ],
    ],
    show({ rows, behind }) {
      if (rows.length === 0) return nothing()
      table.fill(
        rows.map((row) => {
          const [ratio, startup] = row.values
          const [href, state] = [behind(row), stateOf(row)]
          return [
            `AS ${nameOf(row.dimensions['asn'])}`,
            nameOf(row.dimensions['oca']),
            { text: `${percent(ratio!.value)}${state === 'few' ? ', few' : ''}`, href, state },
            canBe(row),
            { text: amount(row.sessions), href },
            seconds(startup?.quantiles?.[0] ?? null),
          ]
        }),
      )
      return table.element
    },
  })
}
