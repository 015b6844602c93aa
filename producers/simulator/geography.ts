/**
 * Where the world's viewers live and which operators connect them.
 *
 * Countries and regions have their ISO 3166 codes. Network operators are invented, with AS numbers from the private
 * range (RFC 6996), so that no real operator is blamed for a planted fault.
 */
export type Access = 'fibre' | 'cable' | 'dsl' | 'mobile'

export interface Region {
  /** ISO 3166-2. */
  readonly code: string
  /** Share of the country's people. */
  readonly share: number
}

export interface Isp {
  readonly asn: number
  readonly name: string
  readonly country: string
  /** Share of the country's households. */
  readonly share: number
  readonly access: Access
  /** Share of the throughput that is lost at the evening peak, 0-1. */
  readonly congestion: number
  /** Whether it has OCAs inside its network. */
  readonly embedded: boolean
}

export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  /** Share of the service's households. */
  readonly share: number
  /** Standard time, minutes east of Greenwich. The world has no daylight saving time. */
  readonly utcMinutes: number
  readonly language: string
  readonly regions: readonly Region[]
  readonly isps: readonly Isp[]
  /** Countries with the nearest exchange, used if the own one is down. */
  readonly neighbour: string
  /** IATA code of its exchange's city, as in site names. */
  readonly town: string
}

type Row = readonly [
  code: string,
  share: number,
  utcMinutes: number,
  language: string,
  neighbour: string,
  town: string,
  regions: string,
]

const ROWS: readonly Row[] = [
  ['US', 26, -300, 'en', 'MX', 'iad', 'CA:30 TX:22 NY:20 FL:18 IL:10'],
  ['BR', 13, -180, 'pt', 'US', 'gru', 'SP:46 RJ:24 MG:20 BA:10'],
  ['GB', 11, 0, 'en', 'NL', 'lhr', 'ENG:84 SCT:9 WLS:7'],
  ['DE', 9, 60, 'de', 'NL', 'fra', 'NW:38 BY:30 BE:18 HH:14'],
  ['FR', 8, 60, 'fr', 'DE', 'cdg', 'IDF:44 ARA:30 PAC:26'],
  ['MX', 8, -360, 'es', 'US', 'qro', 'CMX:45 JAL:30 NLE:25'],
  ['IN', 7, 330, 'hi', 'JP', 'bom', 'MH:40 KA:32 DL:28'],
  ['ES', 5, 60, 'es', 'FR', 'mad', 'MD:40 CT:36 AN:24'],
  ['JP', 4, 540, 'ja', 'AU', 'nrt', '13:58 27:42'],
  ['AU', 4, 600, 'en', 'JP', 'syd', 'NSW:55 VIC:45'],
  ['NL', 3, 60, 'nl', 'DE', 'ams', 'NH:40 ZH:38 NB:22'],
  ['PL', 2, 60, 'pl', 'DE', 'waw', 'MZ:60 MA:40'],
]

/** Operators of a country: the incumbent on fibre, a cable and a DSL network, a mobile one. */
const OPERATORS: readonly (Omit<Isp, 'asn' | 'country' | 'name'> & { readonly kind: string })[] = [
  { kind: 'Fibre', share: 38, access: 'fibre', congestion: 0.15, embedded: true },
  { kind: 'Cable', share: 28, access: 'cable', congestion: 0.4, embedded: true },
  { kind: 'DSL', share: 18, access: 'dsl', congestion: 0.25, embedded: false },
  { kind: 'Mobile', share: 16, access: 'mobile', congestion: 0.45, embedded: false },
]

const FIRST_ASN = 64_512

export const COUNTRIES: readonly Country[] = ROWS.map(
  ([code, share, utcMinutes, language, neighbour, town, regions], index) => ({
    code,
    share: share / 100,
    utcMinutes,
    language,
    neighbour,
    town,
    regions: regions.split(' ').map((part) => {
      const [region, percent] = part.split(':') as [string, string]
      return { code: `${code}-${region}`, share: Number(percent) / 100 }
    }),
    isps: OPERATORS.map(({ kind, ...operator }, i) => ({
      ...operator,
      share: operator.share / 100,
      asn: FIRST_ASN + index * OPERATORS.length + i,
      name: `${code} ${kind}`,
      country: code,
    })),
  }),
)

const byCode = new Map(COUNTRIES.map((country) => [country.code, country]))

export const countryOf = (code: string): Country => byCode.get(code)!

/** An index drawn by share; `u` in [0, 1). */
export function byShare(shares: readonly { readonly share: number }[], u: number): number {
  let left = u
  for (let i = 0; i < shares.length; i++) {
    left -= shares[i]!.share
    if (left < 0) return i
  }
  return shares.length - 1
}
