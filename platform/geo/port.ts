/** Looks addresses up. It never fails: what is not known, private or no address is unknown. */
export interface Geo {
  /** ISO 3166-1 alpha-2 of an IPv4 or IPv6 address, '' unknown. */
  country(address: string): string
  /** Number of the autonomous system, 0 unknown. */
  asn(address: string): number
}

/** Knows no address. */
export const nowhere: Geo = { country: () => '', asn: () => 0 }
