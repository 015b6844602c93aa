/** One moment in time that all charts of a page point at; null: none. */
export interface Cursor {
  readonly at: number | null
  move(at: number | null): void
  follow(listener: () => void): void
}

export function createCursor(): Cursor {
  const listeners: (() => void)[] = []
  let at: number | null = null
  return {
    get at() {
      return at
    },
    move(to) {
      if (to === at) return
      at = to
      for (const listener of listeners) listener()
    },
    follow: (listener) => void listeners.push(listener),
  }
}
