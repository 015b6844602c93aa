/** Layers: experiments that must not share units take ranges of one seed that do not overlap. */
import { within, type Range } from './bucket.ts'
import { hashOf } from './hash.ts'

/** The id of the layer, from, up to but without. */
export type Namespace = readonly [string, number, number]

/** Whether a unit is in its part of the layer. */
export function compileNamespace([id, from, to]: Namespace): (value: string) => boolean {
  const [hash, range] = [hashOf(`__${id}`, 1)!, [from, to] as Range]
  return (value) => within(hash(value), range)
}
