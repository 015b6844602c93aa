/** Events within this process, by name, such as `landed:viewer.actions`, so that consumers need not poll. */
export interface Signals {
  /** Announces that this process emits the event; the returned function emits it. */
  source(name: string): () => void
  /** Returns false if nothing in this process emits the event, so the caller has to poll. */
  has(name: string): boolean
  /** Returns a function that removes the listener. */
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
