import { createTable } from '../chart/table.ts'
import type { Address } from '../shell/address.ts'
import type { MetricsRow } from '../shell/answers.ts'
import { h } from '../shell/dom.ts'
import { amount, axisPercent, percent } from '../shell/format.ts'
import { createPast, nothing, type Past, type Told } from './past.ts'
import { BAD, NOTICEABLE } from './view.ts'
import { canBe, stateOf } from './words.ts'
import { countryName, tilesOf, type Tile } from './world.ts'

const WORDS = {
  good: 'good',
  warn: 'noticeable',
  bad: 'bad',
  unknown: 'nobody watched',
  few: 'too few sessions to judge',
} as const
const LEGEND = [
  ['good', `below ${axisPercent(NOTICEABLE)}`],
  ['warn', 'noticeable'],
  ['bad', `from ${axisPercent(BAD)}`],
  ['few', 'few sessions'],
] as const

interface Drawn {
  readonly element: HTMLElement
  draw(told: Told): void
}

/** Countries where they lie, each as it rebuffers, with the table of the same. */
export function createCountries(address: Address): Past {
  const legend = h('ul', { class: 'legend' }, ...LEGEND.map(([state, text]) => h('li', { 'data-state': state }, text)))
  const [map, twin] = [createMap(), createTwin()]
  const shown = h('div', {}, map.element, twin.element)
  return createPast(address, {
    id: 'countries',
    title: 'Rebuffering by country',
    note: h(
      'div',
      {},
      h(
        'p',
        { class: 'note' },
        'Share of watched time, of sessions that began in it. Each tile leads to its sessions.',
      ),
      legend,
    ),
    questions: () => [
      [
        ['group', 'country'],
        ['limit', '300'],
      ],
    ],
    show(told) {
      if (told.rows.length === 0) return nothing()
      map.draw(told)
      twin.draw(told)
      return shown
    },
  })
}

const countryOf = ({ dimensions }: MetricsRow): string => dimensions['country'] ?? ''

/** Tiles of countries that are still there stay, so that what has the focus does not go. */
function createMap(): Drawn {
  const element = h('ul', { class: 'tiles', 'aria-label': 'Countries' })
  const all = new Map<string, HTMLLIElement>()
  return {
    element,
    draw({ rows, behind }) {
      const byCountry = new Map(rows.map((row) => [countryOf(row), row]))
      const tiles = tilesOf([...byCountry.keys()]).map((tile) => {
        const item = all.get(tile.country) ?? h('li', {}, h('a'))
        all.set(tile.country, item)
        fillTile(item, tile, byCountry.get(tile.country)!, behind)
        return item
      })
      if (tiles.length !== element.children.length || tiles.some((tile, i) => element.children[i] !== tile))
        element.replaceChildren(...tiles)
    },
  }
}

function fillTile(
  item: HTMLElement,
  { country, row, column }: Tile,
  figures: MetricsRow,
  behind: Told['behind'],
): void {
  const [ratio, state] = [percent(figures.values[0]!.value), stateOf(figures)]
  const words = `${countryName(country)}, ${WORDS[state]}, ${amount(figures.sessions)} ${figures.sessions === 1 ? 'session' : 'sessions'}`
  const link = item.querySelector('a')!
  link.href = behind(figures)
  link.title = words
  link.dataset['state'] = state
  link.replaceChildren(
    h('b', {}, country || '?'),
    ' ',
    h('span', {}, ratio),
    h('span', { class: 'voice' }, ` ${words}`),
  )
  item.style.gridRow = String(row + 1)
  item.style.gridColumn = String(column + 1)
}

function createTwin(): Drawn {
  const table = createTable(['country', 'rebuffering', 'can be', 'sessions'])
  return {
    element: h(
      'details',
      {},
      h('summary', {}, 'Table', h('span', { class: 'voice' }, ' of rebuffering by country')),
      table.element,
    ),
    draw({ rows, behind }) {
      table.fill(
        rows
          .toSorted((a, b) => (b.values[0]!.value ?? -1) - (a.values[0]!.value ?? -1))
          .map((row) => {
            const [href, state] = [behind(row), stateOf(row)]
            return [
              `${countryName(countryOf(row))} (${countryOf(row) || '?'})`,
              { text: percent(row.values[0]!.value), href, state },
              canBe(row),
              { text: amount(row.sessions), href },
            ]
          }),
      )
    },
  }
}
