import type { TouchedDomain } from '../../platform/touched.ts'

export type { DerivedColumn, LeastEvent, TouchedDomain, ValueColumn } from '../../platform/touched.ts'

export const eventsTable = ({ name, version }: TouchedDomain): string => `${name}_events_v${version}`
export const stateTable = ({ name, version }: TouchedDomain): string => `${name}_v${version}`
export const keyList = ({ keys }: TouchedDomain): string => keys.map(({ name }) => name).join(', ')

/** Which progress of a domain is kept: recomputed keys, erasures applied to them, or reused ids reported. */
export type Work = 'keys' | 'erasures' | 'ids'

export const workOf = (domain: TouchedDomain, work: Work): string =>
  work === 'keys' ? stateTable(domain) : `${stateTable(domain)}/${work}`
