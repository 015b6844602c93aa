/** What happened in this process, by name, such as `landed:viewer.actions`: who waits for it need not look for it. */
export interface Signals {
  emit(name: string): void
  /** Returns how to stop listening. */
  on(name: string, listener: () => void): () => void
}

export function createSignals(): Signals {
  const listeners = new Map<string, Set<() => void>>()
  return {
    emit(name) {
      for (const listener of listeners.get(name) ?? []) listener()
    },
    on(name, listener) {
      const own = listeners.get(name) ?? new Set()
      listeners.set(name, own.add(listener))
      return () => void own.delete(listener)
    },
  }
}
