import { fileURLToPath } from 'node:url'
import maxmind, { type Reader, type Response } from 'maxmind'
import { fail } from './errors.ts'
import type { Geo } from './port.ts'

/** License CC0: countries of address ranges from the registries' own records. */
const SHIPPED = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb'

export interface GeoFiles {
  /** Path; '' = the bundled file, 'none' = no database. */
  readonly country: string
  /** Path; '' or 'none' = no database. */
  readonly asn: string
}

/** Layouts of GeoLite2 (nested) and ip-location-db (flat). */
interface Place {
  readonly country_code?: unknown
  readonly country?: { readonly iso_code?: unknown }
  readonly autonomous_system_number?: unknown
}

/** Opens the files. Throws GEO_FILE if one cannot be read. */
export async function openGeo({ country, asn }: GeoFiles): Promise<Geo> {
  const countries = await openFile(
    country === '' ? fileURLToPath(import.meta.resolve(SHIPPED)) : country,
    'PLAYLOOP_MMDB_COUNTRY',
  )
  const systems = await openFile(asn, 'PLAYLOOP_MMDB_ASN')
  return { country: (address) => countryOf(find(countries, address)), asn: (address) => asnOf(find(systems, address)) }
}

async function openFile(file: string, variable: string): Promise<Reader<Response> | undefined> {
  if (file === '' || file === 'none') return undefined
  try {
    return await maxmind.open<Response>(file)
  } catch (error) {
    throw fail('GEO_FILE', { file, variable }, error)
  }
}

/** A dual-stack socket reports IPv4 addresses as ::ffff:1.2.3.4, which no database contains. */
function find(reader: Reader<Response> | undefined, address: string): Place {
  if (reader === undefined) return {}
  const plain = address.toLowerCase().startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
  if (!maxmind.validate(plain)) return {}
  return (reader.get(plain) ?? {}) as Place
}

function countryOf({ country_code, country }: Place): string {
  const code = country_code ?? country?.iso_code
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : ''
}

const asnOf = ({ autonomous_system_number: number }: Place): number =>
  typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 2 ** 31 ? number : 0
