/** Looks up IP addresses. Never fails: private, invalid and unlisted addresses are unknown. */
export interface Geo {
  /** ISO 3166-1 alpha-2 code for an IPv4 or IPv6 address; '' = unknown. */
  country(address: string): string
  /** Number of the autonomous system; 0 = unknown. */
  asn(address: string): number
}

/** Answers "unknown" for every address. */
export const nowhere: Geo = { country: () => '', asn: () => 0 }
