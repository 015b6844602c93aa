/** The attribute that units are told apart by. */
import { textOf, valueAt, type Json } from './json.ts'

export interface Attribute {
  readonly name: string
  readonly path: readonly string[]
}
/** An attribute with its value as it was given, and as the text that is hashed: empty where there is none. */
export interface Identity {
  readonly attribute: string
  readonly value: unknown
  readonly text: string
}

export const attributeOf = (name = 'id'): Attribute => ({ name, path: name.split('.') })

/** A name with dots is a name first, then a path. Zero, false and the like identify nobody, as in GrowthBook. */
export function identify(attributes: Json, { name, path }: Attribute): Identity {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : (valueAt(attributes, path) ?? '')
  return { attribute: name, value, text: value ? textOf(value) : '' }
}
