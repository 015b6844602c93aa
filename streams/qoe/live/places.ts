import type { MinuteDimension, MinutePlace } from '../definitions.ts'
import { keepMost } from './most.ts'

/**
 * Which values of the dimensions the live view keeps apart. Clients name countries, OCAs, networks, devices and versions
 * as they like, so their number is limited: per dimension, and per combination of values. What is beyond a limit is
 * summed under OTHERS, so a total is always complete. The values with the most sessions are kept (most.ts).
 */

/** Stands for the values beyond the limit; among networks it is OTHER_ASN. */
export const OTHERS = '(others)'
export const OTHER_ASN = -1
const OTHER: MinutePlace = { country: OTHERS, asn: OTHER_ASN, oca: OTHERS, device: OTHERS, app_version: OTHERS }

export const PLACE_DIMENSIONS = Object.keys(OTHER) as readonly MinuteDimension[]

/** Values kept apart: per dimension, and combinations of them. */
export interface PlaceLimits {
  readonly values: number
  readonly places: number
}

/** How many values of each dimension are summed under OTHERS; 0 = none. */
export type Others = Readonly<Record<MinuteDimension, number>>

/** A combination of values, as clients told them. */
export interface Place {
  readonly values: MinutePlace
  /** Segments in memory with these values. */
  segments: number
  /** The values that they are counted under: one object per combination. */
  cell: MinutePlace
}

/** What a new choice changes. */
export interface Choice {
  /** Cells whose figures now belong to another cell, as a whole. */
  readonly merged: ReadonlyMap<MinutePlace, MinutePlace>
  /** Places whose segments leave a cell that other places stay in, with that cell. */
  readonly left: ReadonlyMap<Place, MinutePlace>
}

export interface Places {
  /** The place of a new segment. */
  enter(values: MinutePlace): Place
  leave(place: Place): void
  /** True if values are summed under OTHERS, or one should be kept that there was no room for. */
  readonly isBounded: boolean
  /** Chooses anew by the sessions that are in memory now; `used` are the cells that still have figures. */
  choose(limits: PlaceLimits, used: Iterable<MinutePlace>): Choice
  others(): Others
}

export const keyOf = (place: MinutePlace): string =>
  `${place.country}\n${place.asn}\n${place.oca}\n${place.device}\n${place.app_version}`

type Kept = ReadonlySet<string | number> | undefined

export function openPlaces(first: PlaceLimits): Places {
  let limits = first
  const places = new Map<string, Place>()
  /** Per dimension, the number of places with each value. */
  const counts = PLACE_DIMENSIONS.map(() => new Map<string | number, number>())
  /** Per dimension; undefined = all values. */
  let kept: readonly Kept[] = counts.map(() => undefined)
  let keptCells: ReadonlySet<string> | undefined
  let cells = new Map<string, MinutePlace>()
  let full = false

  /** Room for a value that is in no choice yet: none once a choice was made. */
  const isKept = (dimension: number, value: string | number): boolean => {
    const own = kept[dimension]
    if (own !== undefined) return own.has(value)
    if (counts[dimension]!.size <= limits.values) return true
    full = true
    return false
  }
  const apart = (values: MinutePlace): MinutePlace =>
    Object.fromEntries(
      PLACE_DIMENSIONS.map((name, i) => [name, isKept(i, values[name]) ? values[name] : OTHER[name]]),
    ) as unknown as MinutePlace
  const cellOf = (values: MinutePlace): MinutePlace => {
    const cell = apart(values)
    const key = keyOf(cell)
    const known = cells.get(key)
    if (known !== undefined) return known
    const fits = keptCells === undefined ? cells.size < limits.places : keptCells.has(key)
    if (!fits && keptCells === undefined) full = true
    if (!fits && key !== keyOf(OTHER)) return cellOf(OTHER)
    cells.set(key, cell)
    return cell
  }
  const count = (values: MinutePlace, by: 1 | -1): void =>
    PLACE_DIMENSIONS.forEach((name, i) => add(counts[i]!, values[name], by))

  const segmentsBy = (name: MinuteDimension): Map<string | number, number> => {
    const sizes = new Map<string | number, number>()
    for (const { values, segments } of places.values()) add(sizes, values[name], segments)
    return sizes
  }

  const enter = (values: MinutePlace): Place => {
    const key = keyOf(values)
    const known = places.get(key)
    if (known !== undefined) {
      known.segments++
      return known
    }
    count(values, 1)
    const { country, asn, oca, device, app_version } = values
    const own = { country, asn, oca, device, app_version }
    const place = { values: own, segments: 1, cell: cellOf(own) }
    places.set(key, place)
    return place
  }

  const choose = (next: PlaceLimits, used: Iterable<MinutePlace>): Choice => {
    limits = next
    full = false
    kept = PLACE_DIMENSIONS.map((name, i) =>
      counts[i]!.size <= limits.values ? undefined : keepMost(segmentsBy(name), limits.values),
    )
    cells = new Map<string, MinutePlace>()
    keptCells = undefined
    const sizes = new Map<string, number>()
    for (const { values, segments } of places.values()) add(sizes, keyOf(apart(values)), segments)
    keptCells = keepMost(sizes, limits.places)
    const merged = new Map<MinutePlace, MinutePlace>()
    for (const cell of used) merged.set(cell, cellOf(cell))
    const left = new Map<Place, MinutePlace>()
    for (const place of places.values()) {
      const from = merged.get(place.cell)
      place.cell = cellOf(place.values)
      if (from !== undefined && place.cell !== from) left.set(place, from)
    }
    return { merged, left }
  }

  return {
    enter,
    leave(place) {
      if (--place.segments > 0) return
      count(place.values, -1)
      places.delete(keyOf(place.values))
    },
    get isBounded() {
      return full || keptCells !== undefined || kept.some((own) => own !== undefined)
    },
    choose,
    others: () =>
      Object.fromEntries(
        PLACE_DIMENSIONS.map((name, i) => [name, counts[i]!.size - (kept[i]?.size ?? counts[i]!.size)]),
      ) as unknown as Others,
  }
}

/** Adds to a count; a count of 0 is removed. */
function add<K>(counts: Map<K, number>, key: K, by: number): void {
  const sum = (counts.get(key) ?? 0) + by
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}
