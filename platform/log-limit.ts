/** How many lines of a kind were left out. */
export interface Repeats {
  readonly line: string
  readonly times: number
}

/**
 * Bounds lines of one kind: the first ones of a time window pass, the others are counted. A service that refuses a
 * thousand requests a second would otherwise fill the disk with one sentence.
 */
export interface RepeatLimit {
  /** Whether a line of this kind may be written now. */
  take(kind: string): boolean
  /** Ends the windows that are over, and returns what was left out in them. */
  finish(): readonly Repeats[]
  /** Whether lines are being left out now. */
  readonly open: boolean
  readonly windowMs: number
  /** Set while somebody is going to call `finish`. */
  telling: boolean
}

const WINDOW_MS = 10_000
const LINES_A_WINDOW = 20
/** Kinds are few by design: messages are constants. This is against one that is not. */
const MAX_KINDS = 1_000

interface Window {
  readonly since: number
  lines: number
}

export function createRepeatLimit(now: () => number): RepeatLimit {
  const windows = new Map<string, Window>()
  const left = ({ lines }: Window): number => Math.max(0, lines - LINES_A_WINDOW)
  const isOver = ({ since }: Window): boolean => now() - since >= WINDOW_MS
  const ended: Repeats[] = []
  const end = (kind: string, window: Window): void => {
    windows.delete(kind)
    if (left(window) > 0) ended.push({ line: kind, times: left(window) })
  }
  return {
    windowMs: WINDOW_MS,
    telling: false,
    take(kind) {
      const known = windows.get(kind)
      if (known !== undefined && !isOver(known)) return ++known.lines <= LINES_A_WINDOW
      if (known !== undefined) end(kind, known)
      if (windows.size >= MAX_KINDS) for (const [each, window] of [...windows]) end(each, window)
      windows.set(kind, { since: now(), lines: 1 })
      return true
    },
    finish() {
      for (const [kind, window] of [...windows]) if (isOver(window)) end(kind, window)
      return ended.splice(0)
    },
    get open() {
      return [...windows.values()].some((window) => left(window) > 0)
    },
  }
}
