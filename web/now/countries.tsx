import { Table } from '../chart/table.tsx'
import type { Address } from '../shell/address.ts'
import type { MetricsRow } from '../shell/answers.ts'
import { amount, axisPercent, percent } from '../shell/format.ts'
import { rebufferingOf, type Told } from './past.ts'
import { Past } from './past.tsx'
import { BAD, NOTICEABLE } from './view.ts'
import { canBe, stateOf } from './words.ts'
import { countryName, tilesOf, type Tile as Place } from './world.ts'

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
const QUESTIONS = [
  [
    ['group', 'country'],
    ['limit', '300'],
  ],
] as const

/** Countries as tiles on a map, coloured by rebuffering, with a table of the same figures. */
export const Countries = ({ address }: { readonly address: Address }) => (
  <Past
    address={address}
    id="countries"
    title="Rebuffering by country"
    note={() => (
      <div>
        <p class="note">Share of watched time, of sessions that began in it. Each tile leads to its sessions.</p>
        <ul class="legend">
          {LEGEND.map(([state, text]) => (
            <li key={state} data-state={state}>
              {text}
            </li>
          ))}
        </ul>
      </div>
    )}
    questions={QUESTIONS}
    show={([told]) =>
      told === undefined || told.rows.length === 0 ? undefined : (
        <div>
          <Tiles told={told} />
          <details>
            <summary>
              Table<span class="voice"> of rebuffering by country</span>
            </summary>
            <Table head={['country', 'rebuffering', 'can be', 'sessions']} rows={rowsOf(told)} />
          </details>
        </div>
      )
    }
  />
)

const countryOf = ({ dimensions }: MetricsRow): string => dimensions['country'] ?? ''

function Tiles({ told: { rows, behind } }: { readonly told: Told }) {
  const byCountry = new Map(rows.map((row) => [countryOf(row), row]))
  return (
    <ul class="tiles" aria-label="Countries">
      {tilesOf([...byCountry.keys()]).map((tile) => (
        <Tile key={tile.country} tile={tile} figures={byCountry.get(tile.country)!} behind={behind} />
      ))}
    </ul>
  )
}

interface TileProps {
  readonly tile: Place
  readonly figures: MetricsRow
  readonly behind: Told['behind']
}

function Tile({ tile: { country, row, column }, figures, behind }: TileProps) {
  const state = stateOf(figures)
  const words = `${countryName(country)}, ${WORDS[state]}, ${amount(figures.sessions)} ${figures.sessions === 1 ? 'session' : 'sessions'}`
  return (
    <li style={{ gridRow: String(row + 1), gridColumn: String(column + 1) }}>
      <a href={behind(figures)} title={words} data-state={state}>
        <b>{country || '?'}</b> <span>{percent(rebufferingOf(figures).value)}</span>
        <span class="voice"> {words}</span>
      </a>
    </li>
  )
}

const rowsOf = ({ rows, behind }: Told) =>
  rows
    .toSorted((a, b) => (rebufferingOf(b).value ?? -1) - (rebufferingOf(a).value ?? -1))
    .map((row) => [
      `${countryName(countryOf(row))} (${countryOf(row) || '?'})`,
      { text: percent(rebufferingOf(row).value), href: behind(row), state: stateOf(row) },
      canBe(row),
      { text: amount(row.sessions), href: behind(row) },
    ])
