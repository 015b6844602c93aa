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

/**
 * RFC 8941, 4.1.5: rounded to three digits, half to even; at least one digit after the point, at most twelve before it.
 * Throws a RangeError beyond that.
 */
export function decimal(value: number): string {
  const [digits, whole] = thousandths(value)
  if (whole.length > MAX_WHOLE_DIGITS) throw new RangeError(`${value} is beyond what a structured field can hold`)
  const fraction = digits.slice(-3).replace(/0{1,2}$/, '')
  return `${value < 0 && /[1-9]/.test(digits) ? '-' : ''}${whole}.${fraction}`
}

const MAX_WHOLE_DIGITS = 12

/** The digits of the value x 1,000, rounded as its decimal digits say, and those before the point. */
function thousandths(value: number): readonly [digits: string, whole: string] {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no number of a structured field`)
  const [whole = '0', fraction = ''] = plainDigits(Math.abs(value)).split('.')
  const [kept, rest] = [BigInt(whole + fraction.slice(0, 3).padEnd(3, '0')), fraction.slice(3).replace(/0+$/, '')]
  const isUp = rest > '5' || (rest === '5' && kept % 2n === 1n)
  const digits = String(kept + (isUp ? 1n : 0n)).padStart(4, '0')
  return [digits, digits.slice(0, -3)]
}

/** Decimal digits without an exponent, as few as tell the value from its neighbours. */
function plainDigits(value: number): string {
  const text = String(value)
  if (!text.includes('e')) return text
  return value < 1 ? value.toFixed(20) : BigInt(value).toString()
}

export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

const MAX_INTEGER = 999_999_999_999_999

/** Whether a structured field can hold the value unchanged: printable ASCII, at most 15 digits. */
export const fits = (value: string | number): boolean =>
  typeof value === 'number' ? Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER : /^[ -~]*$/.test(value)
