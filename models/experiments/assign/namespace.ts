/** Layers: experiments that must not share units take ranges of one seed that do not overlap. */
import { attributeOf, identify } from './attribute.ts'
import { within, type Range } from './bucket.ts'
import { hashOf } from './hash.ts'
import { type Json } from './json.ts'

/** The id of the layer, from, up to but without. */
export type Namespace = readonly [string, number, number]

/**
 * Like a namespace, by an attribute of its own and by any of several ranges; version 2 of the hash unless it says so.
 */
export interface LayerFilter {
  readonly seed: string
  readonly ranges: readonly Range[]
  readonly attribute?: string
  readonly hashVersion?: number
}

/** Whether a unit is in its part of the layer. */
export function compileNamespace([id, from, to]: Namespace): (value: string) => boolean {
  const [hash, range] = [hashOf(`__${id}`, 1)!, [from, to] as Range]
  return (value) => within(hash(value), range)
}

/** Whether attributes put a unit in a range of every filter; who lacks the attribute is out. */
export function compileFilters(filters: readonly LayerFilter[]): (attributes: Json) => boolean {
  const tests = filters.map(({ seed, ranges, attribute, hashVersion }) => {
    const [hash, by] = [hashOf(seed, hashVersion || 2), attributeOf(attribute || undefined)]
    return (attributes: Json): boolean => {
      const { text } = identify(attributes, by)
      if (text === '' || hash === undefined) return false
      const bucket = hash(text)
      return ranges.some((range) => within(bucket, range))
    }
  })
  return (attributes) => tests.every((test) => test(attributes))
}
