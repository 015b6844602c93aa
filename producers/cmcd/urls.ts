import type { CmcdRecord } from './types.ts'

/** A URL or path without query and fragment, which may hold signatures and names of viewers. */
export function withoutQuery(url: string): string {
  const cut = url.search(/[?#]/)
  return cut === -1 ? url : url.slice(0, cut)
}

/** Removes queries from URLs in an error text. */
export const withoutQueries = (text: string): string => text.replace(/(\w+:\/\/[^\s?#]*)[?#]\S*/g, '$1')

/** Removes the queries of a record's URLs before anything is stored; in place. */
export function dropQueries(record: CmcdRecord): void {
  if (record.url !== undefined) record.url = withoutQuery(record.url)
  if (record.nor !== undefined) record.nor = record.nor.map((next) => ({ ...next, value: withoutQuery(next.value) }))
}
