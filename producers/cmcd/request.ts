import { Decoder, percentDecoded } from './decode.ts'
import { quoted } from './encode.ts'
import { KEYS, SHARDS } from './keys.ts'
import { isSupported, type CmcdRecord, type Decoded, type Listed, type NextObject } from './types.ts'
import { dropQueries, withoutQuery } from './urls.ts'

/** Headers by lower-case name, as in Node and most logs. */
export type Headers = Readonly<Record<string, string | undefined>>

/** The CMCD data in one line of a request log. */
export interface LoggedRequest {
  /** The requested URL without its query, which may hold signatures and names of viewers. */
  readonly url: string
  readonly carrier: 'headers' | 'query'
  readonly record: Decoded
}

const NAMES = SHARDS.map((shard) => `cmcd-${shard}`)
const NOT_OF_REQUESTS = KEYS.filter(({ modes }) => !modes.includes('request'))
const decoder = new Decoder()

/**
 * Reads request mode of version 1 or 2 from a logged URL and headers; undefined if the request carried none. If any
 * CMCD header is present the query is ignored, as the standard requires of a server. Event keys do not describe a
 * request and are left out.
 */
export function fromRequestLog(url: string, headers: Headers = {}): LoggedRequest | undefined {
  const fromHeaders = textOfHeaders(headers)
  const text = fromHeaders ?? textOfQuery(url)
  if (text === undefined) return undefined
  const record = decoder.decode(text)
  if (isSupported(record)) requestOnly(record)
  return { url: withoutQuery(url), carrier: fromHeaders === undefined ? 'query' : 'headers', record }
}

/** The four header shards joined into one dictionary; it does not matter which key is in which shard. */
function textOfHeaders(headers: Headers): string | undefined {
  const shards = NAMES.map((name) => headers[name]).filter((shard) => shard !== undefined)
  return shards.length === 0 ? undefined : shards.join(',')
}

/**
 * Value of `?CMCD=`; undefined if there is none, or if it is not percent-encoded text. A plus is a space, as in the
 * query string writers that players use; they write a plus as %2B.
 */
function textOfQuery(url: string): string | undefined {
  const [before = ''] = url.split('#', 1)
  const from = before.indexOf('?')
  const pair =
    from === -1
      ? undefined
      : before
          .slice(from + 1)
          .split('&')
          .find((part) => part.startsWith('CMCD='))
  return pair === undefined ? undefined : percentDecoded(pair.slice(5).replaceAll('+', ' '))
}

function requestOnly(record: CmcdRecord): void {
  for (const { name, set } of NOT_OF_REQUESTS) if (record[name] !== undefined) set?.(record, undefined)
  dropQueries(record)
}

/**
 * The keys of a record as text, in the order of the standard's list, custom ones last: numbers in digits, strings and
 * tokens bare, `true` and `false`, lists as structured fields (`(4200;v 128;a)`). In version 1, which has no lists, the
 * first item alone.
 */
export function textsOf(record: CmcdRecord): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const { name } of KEYS) {
    const value = record[name]
    if (value !== undefined) texts[name] = textOf(value, record.v)
  }
  for (const { name, value } of record.custom ?? []) texts[name] = String(value)
  return texts
}

type Item = string | Listed | NextObject

function textOf(value: unknown, version: 1 | 2): string {
  if (!Array.isArray(value)) return String(value)
  const items = value as readonly Item[]
  return version === 1 ? String((items[0] as Listed | undefined)?.value ?? '') : `(${items.map(itemOf).join(' ')})`
}

function itemOf(item: Item): string {
  if (typeof item === 'string') return quoted(item)
  if (typeof item.value === 'string') {
    const { range } = item as NextObject
    return `${quoted(item.value)}${range === undefined ? '' : `;r=${quoted(range)}`}`
  }
  const { type } = item as Listed
  return `${item.value}${type === undefined ? '' : `;${type}`}`
}
