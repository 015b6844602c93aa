/**
 * JSON values in attributes and definitions, converted as JavaScript's own operators would, except that nothing throws.
 */

export type Json = Readonly<Record<string, unknown>>

/** Deeper than any handwritten value, and far below the stack limit. */
export const MAX_DEPTH = 64

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !isList(value)
export const listOf = (value: unknown): readonly unknown[] => (isList(value) ? value : [])

/** `value + ''`. */
export function textOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value
  if (isList(value)) return depth > MAX_DEPTH ? '' : value.map((each) => textOf(each ?? '', depth + 1)).join(',')
  return typeof value === 'object' && value !== null ? '[object Object]' : String(value)
}

/** The operand that `<` compares: objects and lists as text. */
export const scalarOf = (value: unknown): string | number | boolean | bigint | null | undefined =>
  typeof value === 'object' || typeof value === 'symbol' || typeof value === 'function'
    ? value === null
      ? null
      : textOf(value)
    : (value as string)

/** `Number(value)`. */
export const numberOf = (value: unknown): number => Number(scalarOf(value))

/** The value at a dotted path; null if there is none. Only own properties count: `toString` is not an attribute. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return null
    at = (at as Json)[name]
  }
  return at ?? null
}

/** Whether two JSON values are equal; the order of keys does not matter. */
export function sameJson(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true
  if (depth > MAX_DEPTH) return false
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, i) => sameJson(each, b[i], depth + 1))
  if (!isObject(a) || !isObject(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name], depth + 1))
  )
}
