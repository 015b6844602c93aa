/**
 * What the world queries from a service. Its own implementations answer at once and from the seed; one that queries a
 * real service over HTTP may answer later: the world continues meanwhile, for as long as a viewer would wait.
 */
import type { Inventory, Steering } from './ocas.ts'
import type { Pages } from './page.ts'
import type { People } from './population.ts'

/** Queried while the world runs. The catalogue is queried once, before it begins. */
export interface Ports {
  readonly people: People
  readonly pages: Pages
  readonly steering: Steering
  readonly inventory: Inventory
}
