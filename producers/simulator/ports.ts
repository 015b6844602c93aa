/**
 * What the world asks of a service. Its own implementations answer at once and from the seed; one that asks a real
 * service over HTTP may answer later: the world goes on meanwhile, for as long as a viewer would wait.
 */
import type { Inventory, Steering } from './ocas.ts'
import type { Pages } from './page.ts'
import type { People } from './population.ts'

/** An answer that is there, or will come. A port that fails ends the world: what may be away needs a fallback. */
export type Answer<T> = T | Promise<T>

/** Goes on with an answer: in the same step where it is there, so that the world stays a function of its seed. */
export const andThen = <T, U>(answer: Answer<T>, next: (value: T) => Answer<U>): Answer<U> =>
  answer instanceof Promise ? answer.then(next) : next(answer)

/** Asked while the world runs. The catalogue is asked once, before it begins. */
export interface Ports {
  readonly people: People
  readonly pages: Pages
  readonly steering: Steering
  readonly inventory: Inventory
}
