/** The attribute that identifies units. */
import { textOf, valueAt, type Json } from './json.ts'

export interface Attribute {
  readonly name: string
  readonly path: readonly string[]
}
/** An attribute with its raw value, and as the text that is hashed: empty if there is none. */
export interface Identity {
  readonly attribute: string
  readonly value: unknown
  readonly text: string
}

export const attributeOf = (name = 'id'): Attribute => ({ name, path: name.split('.') })

/**
 * A name with dots is tried as a plain name first, then as a path. 0, false and similar values identify nobody, as in
 * GrowthBook.
 */
export function identify(attributes: Json, { name, path }: Attribute): Identity {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : (valueAt(attributes, path) ?? '')
  return { attribute: name, value, text: value ? textOf(value) : '' }
}
