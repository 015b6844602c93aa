import { SUMS, type MinutePlace } from '../definitions.ts'
import type { PlainMinute } from './plain-minute.ts'
import type { Segment } from './segment.ts'
import { addPlain, addSegment, emptyCell, type MinuteCell, type OpenCell } from './spread.ts'

/** The cells of the minutes of a window, by the values they are counted under. */
export interface WindowCells {
  /** Starts of the minutes, oldest first. */
  minutes(): readonly number[]
  of(minute: number): readonly MinuteCell[]
  /** Adds an empty minute. */
  open(minute: number): void
  /** Drops the minutes before `oldest`. */
  forget(oldest: number): void
  /** Adds (sign 1) or removes (-1) what a segment contributes to a minute, in its own cell or in the one given. */
  count(segment: Segment, minute: number, sign: 1 | -1, cell?: MinutePlace): void
  /** Replaces what a session of plain CMCD contributes to a minute. */
  replace(cell: MinutePlace, minute: number, before: PlainMinute, after: PlainMinute): void
  /** Cells with figures in some minute. */
  used(): ReadonlySet<MinutePlace>
  /** Adds cells to other ones as a whole: figures are sums. */
  merge(into: ReadonlyMap<MinutePlace, MinutePlace>): void
}

export function openCells(): WindowCells {
  const cellsByMinute = new Map<number, Map<MinutePlace, OpenCell>>()
  return {
    minutes: () => [...cellsByMinute.keys()].sort((a, b) => a - b),
    of: (minute) => [...(cellsByMinute.get(minute)?.values() ?? [])],
    open: (minute) => void cellsByMinute.set(minute, new Map()),
    forget(oldest) {
      for (const minute of cellsByMinute.keys()) if (minute < oldest) cellsByMinute.delete(minute)
    },
    count(segment, minute, sign, cell = segment.place.cell) {
      addSegment(cellOf(cellsByMinute.get(minute)!, cell), segment, minute, sign)
    },
    replace(place, minute, before, after) {
      const cell = cellOf(cellsByMinute.get(minute)!, place)
      addPlain(cell, before, -1)
      addPlain(cell, after, 1)
    },
    used: () => new Set([...cellsByMinute.values()].flatMap((cells) => [...cells.keys()])),
    merge(into) {
      for (const cells of cellsByMinute.values()) {
        for (const [from, to] of into) {
          const moved = from === to ? undefined : cells.get(from)
          if (moved === undefined) continue
          cells.delete(from)
          addCell(cellOf(cells, to), moved)
        }
      }
    },
  }
}

function cellOf(cells: Map<MinutePlace, OpenCell>, place: MinutePlace): OpenCell {
  const known = cells.get(place)
  if (known !== undefined) return known
  const cell = emptyCell(place)
  cells.set(place, cell)
  return cell
}

/** Adds the figures of another cell. */
export function addCell(cell: OpenCell, more: MinuteCell): void {
  for (const name of SUMS) cell[name] += more[name]
  for (const [bucket, count] of more.startups) cell.startups.set(bucket, (cell.startups.get(bucket) ?? 0) + count)
}
