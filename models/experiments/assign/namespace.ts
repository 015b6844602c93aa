/** Layers: experiments that must not share units use ranges of one seed that do not overlap. */
import { attributeOf, identify } from './attribute.ts'
import { within, type Range } from './bucket.ts'
import { hashOf } from './hash.ts'
import { type Json } from './json.ts'

/** The id of the layer, from (inclusive), to (exclusive). */
export type Namespace = readonly [string, number, number]

/** Like a namespace, but with its own attribute and several ranges; hash version 2 unless specified. */
export interface LayerFilter {
  readonly seed: string
  readonly ranges: readonly Range[]
  readonly attribute?: string
  readonly hashVersion?: number
}

/** Whether a unit lies in its range of the layer. */
export function compileNamespace([id, from, to]: Namespace): (value: string) => boolean {
  const [hash, range] = [hashOf(`__${id}`, 1)!, [from, to] as Range]
  return (value) => within(hash(value), range)
}

/** Whether the attributes lie in a range of every filter; a unit without the attribute is excluded. */
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
