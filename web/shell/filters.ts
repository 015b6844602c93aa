/** A filter: values of one name are alternatives (or), different names apply together (and). */
export interface Filter {
  readonly name: string
  readonly value: string
}

/** NAME:VALUE. Text without a colon is passed on to the API, which explains the fault. */
export function filtersOf(texts: readonly string[]): Filter[] {
  return texts.map((text) => {
    const colon = text.indexOf(':')
    return colon < 0 ? { name: text, value: '' } : { name: text.slice(0, colon), value: text.slice(colon + 1) }
  })
}

const NAMES: Readonly<Record<string, string>> = {
  title_id: 'title',
  profile_id: 'profile',
  session_id: 'session',
  oca: 'OCA',
  asn: 'network (ASN)',
  app_version: 'app version',
  error_code: 'error code',
  stream_type: 'stream type',
  stream_format: 'stream format',
}
export const nameOf = (dimension: string): string => NAMES[dimension] ?? dimension

/** "country DE or FR, device tv". */
export function filterWords(filters: readonly Filter[]): string {
  const named = [...Map.groupBy(filters, ({ name }) => name)]
  return named
    .map(([name, all]) => `${nameOf(name)} ${all.map(({ value }) => value || 'unknown').join(' or ')}`)
    .join(', ')
}
