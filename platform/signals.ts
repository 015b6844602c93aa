/** What happened in this process, by name, such as `landed:viewer.actions`: who waits for it need not look for it. */
export interface Signals {
  /** Whoever makes something happen announces it first; what it returns says that it happened. */
  source(name: string): () => void
  /** False: nobody in this process says so, and one has to look for it. */
  has(name: string): boolean
  /** Returns how to stop listening. */
  on(name: string, listener: () => void): () => void
}

export function createSignals(): Signals {
  const sources = new Set<string>()
  const listeners = new Map<string, Set<() => void>>()
  return {
    source(name) {
      sources.add(name)
      return () => {
        for (const listener of listeners.get(name) ?? []) listener()
      }
    },
    has: (name) => sources.has(name),
    on(name, listener) {
      const own = listeners.get(name) ?? new Set()
      listeners.set(name, own.add(listener))
      return () => void own.delete(listener)
    },
  }
}
