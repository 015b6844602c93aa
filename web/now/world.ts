/**
 * The countries (ISO 3166-1 alpha-2; XK as the field uses it) as tiles of one size, each about where it lies: of a
 * country people watch in, its size on a map says nothing. Order among neighbours gives way to their being neighbours.
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
  /** As asked; '' = not known. */
  readonly country: string
  /** From 0. */
  readonly row: number
  readonly column: number
}

/**
 * Where each of these countries stands, in the order of reading: rows and columns of the world without one of them are
 * left out, so that the rest is as large as it can be. What is no country stands in a row of its own below.
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
/** Germany; what has no name stays as it is. */
export function countryName(code: string): string {
  if (code === '') return 'unknown'
  return /^[A-Z]{2}$/.test(code) ? (NAMES.of(code) ?? code) : code
}
