import type { TailCut } from './tail.ts'

/**
 * How far a partition has been read. Batches of two schemas land one after the other, so a greater offset may be
 * visible before a smaller one. Reading resumes at the first gap until the gap closes, or until nothing more can arrive
 * (the offset is a dead letter or was compacted away). Reading a row twice changes nothing, since state is a maximum.
 */
export interface Cursor {
  readonly cut: TailCut
  /** True if the offset is seen for the first time. */
  see(offset: number, received: number): boolean
  /** What to read next: at most `places` offsets, but more after reads that found nothing, for a gap may be longer. */
  next(places: number): TailCut
  /** Ends one read. */
  settle(now: number): void
}

/** A batch in progress is complete after this time, ms. */
const GAP_MS = 3_000
/** A read reaches at most 2^20 times as far: past any gap. */
const MAX_MISSES = 20

export function openCursor({ partition, received }: Pick<TailCut, 'partition' | 'received'>): Cursor {
  let cut: TailCut = { partition, offset: -1, received }
  let furthest = { offset: -1, received }
  let least = Infinity
  let waiting: number | undefined
  const ahead = new Map<number, number>()
  /** Reads in a row that found nothing new. */
  let misses = 0
  let found = false

  const advance = (): void => {
    // The first read starts in the middle of the log: the smallest offset it saw is its start.
    if (cut.offset < 0) cut = { ...cut, offset: least - 1 }
    for (let next = ahead.get(cut.offset + 1); next !== undefined; next = ahead.get(cut.offset + 1)) {
      ahead.delete(cut.offset + 1)
      cut = { partition, offset: cut.offset + 1, received: Math.max(cut.received, next) }
    }
  }

  const jump = (): void => {
    cut = { partition, ...furthest }
    ahead.clear()
    waiting = undefined
  }

  return {
    get cut() {
      return cut
    },
    next(places) {
      const isLimited = cut.offset >= 0
      misses = found ? 0 : misses + 1
      found = false
      return isLimited ? { ...cut, to: cut.offset + places * 2 ** Math.min(misses, MAX_MISSES) } : cut
    },
    see(offset, time) {
      // Rows arrive in the order of their parts, not of the log: a smaller offset after a greater one may also be new.
      const fresh = offset > cut.offset && !ahead.has(offset)
      found ||= fresh
      ahead.set(offset, time)
      least = Math.min(least, offset)
      if (offset > furthest.offset) furthest = { offset, received: Math.max(furthest.received, time) }
      return fresh
    },
    settle(now) {
      if (ahead.size > 0) advance()
      if (ahead.size === 0) waiting = undefined
      else if (now - (waiting ??= now) > GAP_MS) jump()
    },
  }
}
