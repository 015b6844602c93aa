import { KEYS, TYPE, type Key } from './keys.ts'
import type { CmcdKey, CmcdValues, CustomValue, Listed, NextObject } from './types.ts'

const { INTEGER, DECIMAL, STRING, TOKEN, BOOLEAN, INTEGERS, STRINGS, OBJECTS } = TYPE

/**
 * Encodes a record as one line, keys in alphabetical order, as the standard recommends. Strings must be printable ASCII
 * and numbers within RFC 8941's limits (15 digits; decimals 12 and 3): see `fits`. In version 1 a list is written as
 * its first item.
 */
export function encode(values: CmcdValues): string {
  const { v = 2, custom = [] } = values
  const members = KEYS.flatMap((key): [string, string][] => {
    const value = values[key.name]
    return value === undefined || key.name === 'v' || !key.versions.includes(v)
      ? []
      : [[key.name, written(key, v, value)]]
  })
  const own = custom.map(({ name, value }): [string, string] => [name, bare(value)])
  return [...members, ...own, ...(v === 1 ? [] : [['v', String(v)] as const])].sort(byName).map(member).join(',')
}

/** Sorts by code points, independent of the locale. */
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : Number(a > b))

/** A value of true is written as the key alone. */
const member = ([name, value]: readonly [string, string]): string => (value === '?1' ? name : `${name}=${value}`)

function written({ type, typeInV1 }: Key, version: 1 | 2, value: NonNullable<CmcdValues[CmcdKey]>): string {
  if (version === 1 && typeInV1 !== type) return firstOf(value as readonly (Listed | NextObject)[])
  switch (type) {
    case INTEGERS:
      return list(
        (value as readonly Listed[]).map((item) => `${item.value}${item.type === undefined ? '' : `;${item.type}`}`),
      )
    case OBJECTS:
      return list(
        (value as readonly NextObject[]).map(
          (item) => `${quoted(item.value)}${item.range === undefined ? '' : `;r=${quoted(item.range)}`}`,
        ),
      )
    case STRINGS:
      return list((value as readonly string[]).map(quoted))
    case DECIMAL:
      return decimal(value as number)
    case TOKEN:
      return value as string
    case INTEGER:
    case STRING:
    case BOOLEAN:
      return bare(value as CustomValue)
    default:
      throw new TypeError(`a key of type ${type}`)
  }
}

/** Version 1 has one number, or one percent-encoded path. */
function firstOf([first]: readonly (Listed | NextObject)[]): string {
  const value = first?.value ?? 0
  return typeof value === 'number' ? String(value) : quoted(encodeURIComponent(value))
}

const list = (items: readonly string[]): string => `(${items.join(' ')})`

function bare(value: CustomValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return value ? '?1' : '?0'
  return Number.isInteger(value) ? String(value) : decimal(value)
}

/** A decimal always has at least one digit after its point. */
export const decimal = (value: number): string =>
  Number.isInteger(value) ? `${value}.0` : String(Math.round(value * 1_000) / 1_000)

export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

const MAX_INTEGER = 999_999_999_999_999

/** Whether a structured field can hold the value unchanged: printable ASCII, at most 15 digits. */
export const fits = (value: string | number): boolean =>
  typeof value === 'number' ? Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER : /^[ -~]*$/.test(value)
