/**
 * Countries (ISO 3166-1 alpha-2, and the commonly used XK) as tiles of equal size, each near its geographic position: a
 * country's area says nothing about its viewers. Adjacency takes precedence over exact order.
 */
const WORLD = `
.. .. .. .. .. GL .. IS .. .. NO SE FI .. .. .. .. .. .. .. ..
CA .. .. .. .. .. .. .. .. DK .. EE LV LT .. RU .. .. .. .. ..
US .. .. .. .. .. IE GB NL DE PL BY .. .. .. KZ .. MN .. .. ..
MX .. BS .. .. .. .. BE LU CZ SK UA MD .. .. UZ KG .. KP .. JP
GT BZ CU DO PR .. .. FR CH AT HU RO .. GE AZ TM TJ CN KR .. ..
SV HN JM HT .. .. PT ES IT SI HR RS BG TR AM IR AF NP BT HK TW
NI .. BB TT .. .. .. AD MT BA ME XK MK GR SY IQ PK IN BD MM MO
CR PA .. GY SR GF .. .. .. .. AL .. CY LB JO KW .. LK .. LA VN
.. CO VE .. .. .. MA DZ TN LY EG IL PS SA BH QA .. MV .. TH KH
EC PE BR .. .. EH MR ML NE TD SD ER YE OM AE .. .. .. .. MY PH
.. BO PY .. .. CV SN BF NG CF SS ET DJ .. .. .. .. .. SG BN ..
CL AR UY .. .. GM GN GH BJ CM CG UG KE SO .. .. .. .. ID TL PG
.. .. .. .. .. GW SL CI TG GQ GA CD RW TZ SC .. .. .. .. .. SB
.. .. .. .. .. .. LR .. ST AO ZM MW BI KM MU .. .. .. AU VU FJ
.. .. .. .. .. .. .. .. .. NA BW ZW MZ MG RE .. .. .. .. NC WS
.. .. .. .. .. .. .. .. .. .. ZA SZ LS .. .. .. .. .. NZ .. TO`

const PLACES = new Map(
  WORLD.trim()
    .split('\n')
    .flatMap((line, row) => line.split(' ').map((code, column) => [code, { row, column }] as const))
    .filter(([code]) => code !== '..'),
)
export const COUNTRIES: readonly string[] = [...PLACES.keys()]

export interface Tile {
  /** As requested; '' if unknown. */
  readonly country: string
  /** Starts at 0. */
  readonly row: number
  readonly column: number
}

/**
 * The positions of these countries in reading order: empty rows and columns of the map are removed, so that the tiles
 * are as large as possible. Unknown codes are in an extra row at the bottom.
 */
export function tilesOf(countries: readonly string[]): Tile[] {
  const known = countries
    .flatMap((country) => ({ country, ...PLACES.get(country) }))
    .filter((each): each is Tile => each.row !== undefined)
  const [rows, columns] = [ranks(known.map(({ row }) => row)), ranks(known.map(({ column }) => column))]
  const tiles = known.map(({ country, row, column }) => ({
    country,
    row: rows.indexOf(row),
    column: columns.indexOf(column),
  }))
  const beyond = countries
    .filter((country) => !PLACES.has(country))
    .map((country, column) => ({ country, row: rows.length, column }))
  return [...tiles, ...beyond].sort((a, b) => a.row - b.row || a.column - b.column)
}

const ranks = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b)

const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
/** Germany; a code without a name is returned unchanged. */
export function countryName(code: string): string {
  if (code === '') return 'unknown'
  return /^[A-Z]{2}$/.test(code) ? (NAMES.of(code) ?? code) : code
}
